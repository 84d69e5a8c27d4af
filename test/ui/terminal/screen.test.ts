import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Size } from '../../../src/ui/line.ts';
import type { Rect } from '../../../src/ui/terminal/compose.ts';
import { Screen } from '../../../src/ui/terminal/screen.ts';
import { createTheme } from '../../../src/ui/terminal/theme.ts';
import { fitText } from '../../../src/ui/terminal/width.ts';
import { Headless } from './headless.ts';

describe('a screen', () => {
  let terminal: Headless;
  let screen: Screen;
  let text: string;
  let rect: Rect;
  let draws: number;

  beforeEach(() => {
    vi.useFakeTimers();
    terminal = new Headless(20, 4);
    screen = new Screen(terminal.asStdout(), createTheme('none', 'dark'), 10);
    text = 'pane';
    rect = { left: 0, top: 1, width: 20, height: 1 };
    draws = 0;
    screen.add({
      measure: () => rect,
      draw: ({ width }: Size) => {
        draws += 1;
        return [[{ text: fitText(text, width), style: 'plain' }]];
      },
    });
    screen.start();
    screen.frames.write('top\nhidden\nbottom');
    vi.advanceTimersByTime(1000);
  });
  afterEach(() => {
    screen.stop();
    vi.useRealTimers();
  });

  const shown = async () => {
    vi.useRealTimers();
    return terminal.screen();
  };

  it("shows Ink's rows and the panes'", async () => {
    expect(await shown()).toEqual(['top', 'pane', 'bottom', '']);
  });

  it('has no timer while nothing changes', () => {
    expect(vi.getTimerCount()).toBe(0);
    screen.invalidate();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('writes nothing where the same was drawn', () => {
    const { length } = terminal.writes;
    screen.invalidate();
    vi.advanceTimersByTime(1000);
    expect(draws).toBeGreaterThan(1);
    expect(terminal.writes).toHaveLength(length);
  });

  it('paints at its frame rate, however often it is asked', () => {
    draws = 0;
    for (let ms = 0; ms < 1000; ms++) {
      screen.invalidate();
      vi.advanceTimersByTime(1);
    }
    expect(draws).toBeGreaterThanOrEqual(9);
    expect(draws).toBeLessThanOrEqual(11);
  });

  it('paints within 16 ms of a key, and what comes of it too', () => {
    screen.invalidate();
    vi.advanceTimersByTime(1);
    draws = 0;
    screen.invalidate();
    vi.advanceTimersByTime(16);
    expect(draws).toBe(0);
    screen.hurry();
    vi.advanceTimersByTime(16);
    expect(draws).toBe(1);
    vi.advanceTimersByTime(100);
    screen.invalidate();
    vi.advanceTimersByTime(16);
    expect(draws).toBe(2);
  });

  it('leaves out frames a slow terminal cannot take, and shows the last one', async () => {
    terminal.writableNeedDrain = true;
    const { length } = terminal.writes;
    for (text of ['one', 'two', 'three']) {
      screen.invalidate();
      vi.advanceTimersByTime(1000);
    }
    expect(terminal.writes).toHaveLength(length);
    terminal.writableNeedDrain = false;
    terminal.emit('drain');
    vi.advanceTimersByTime(1000);
    expect(terminal.writes).toHaveLength(length + 1);
    expect((await shown())[1]).toBe('three');
  });

  it('paints over what somebody else has written', async () => {
    terminal.write('\u001B[1;1HWARNING');
    screen.repaint();
    vi.advanceTimersByTime(16);
    expect(await shown()).toEqual(['top', 'pane', 'bottom', '']);
  });

  it('paints all rows anew when it starts again', () => {
    screen.stop();
    screen.invalidate();
    expect(vi.getTimerCount()).toBe(0);
    terminal.writes.length = 0;
    screen.start();
    vi.advanceTimersByTime(1000);
    expect(terminal.writes.join('').match(/;1H/g)).toHaveLength(4);
  });

  it('gives back the rows of a pane that has gone or moved', async () => {
    rect = { ...rect, top: 0 };
    screen.frames.write('top\nhidden\nbottom');
    vi.advanceTimersByTime(1000);
    expect(await shown()).toEqual(['pane', 'hidden', 'bottom', '']);
  });
});
