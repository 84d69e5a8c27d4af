import { afterEach, describe, expect, it, vi } from 'vitest';
import { interruptible } from '../../src/cli/interrupt.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

describe('interruptible', () => {
  it('aborts its work at the first signal and ends the process at the second', async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const before = process.listeners('SIGINT');
    let finish = () => {};
    let seen: AbortSignal | undefined;
    const work = interruptible(async (signal) => {
      seen = signal;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    process.emit('SIGINT', 'SIGINT');
    expect(seen?.aborted).toBe(true);
    expect(process.exitCode).toBe(130);
    expect(kill).not.toHaveBeenCalled();
    process.emit('SIGINT', 'SIGINT');
    // Nobody handles it any more, so it kills.
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
    expect(process.listeners('SIGINT')).toEqual(before);
    finish();
    await work;
  });

  it('leaves no handler behind, whether its work succeeds or fails', async () => {
    const before = process.listenerCount('SIGINT');
    const failure = new Error('no');
    await interruptible(async () => {
      expect(process.listenerCount('SIGINT')).toBe(before + 1);
    });
    const failing = interruptible(async () => {
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(process.listenerCount('SIGINT')).toBe(before);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
