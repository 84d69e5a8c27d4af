import { describe, expect, it } from 'vitest';
import { kelvin } from './kelvin.ts';

describe.concurrent('colour in a pipe', () => {
  it.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%j: %s, and never on stdout', async (env, coloured) => {
    const { stdout, stderr } = await kelvin(['generate', 'Once', '-n', '2'], { env });
    expect(stderr.startsWith('\u001B[2m')).toBe(coloured);
    expect(stderr.includes('\u001B')).toBe(coloured);
    expect(stdout).not.toContain('\u001B');
  });
});
