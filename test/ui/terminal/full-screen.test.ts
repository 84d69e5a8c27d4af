import { PassThrough } from 'node:stream';
import { createElement } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showFullScreen } from '../../../src/ui/terminal/full-screen.tsx';
import { createTheme } from '../../../src/ui/terminal/theme.ts';
import { Demo } from './demo.tsx';
import { Headless } from './headless.ts';

/** A terminal's input that is typed on by hand. */
class Typed extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }

  ref(): void {}
  unref(): void {}
}

const ESCAPE = '\u001B';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGTSTP', 'SIGCONT', 'exit', 'uncaughtException'];
const listening = () => SIGNALS.map((name) => process.listenerCount(name));

describe.each([
  [80, 24],
  [140, 40],
])('an app on a whole terminal of %i x %i', (columns, rows) => {
  let stdin: Typed;
  let stdout: Headless;
  let ended: Promise<void>;
  let before: number[];

  beforeEach(async () => {
    before = listening();
    stdin = new Typed();
    stdout = new Headless(columns, rows);
    const ends = {
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: stdout.asStdout(),
    };
    ended = showFullScreen(createElement(Demo), ends, createTheme('256', 'dark'));
    await stdout.displays(`right ${rows - 2}/${rows - 2}`);
  });

  afterEach(async () => {
    if (stdin.isRaw) stdin.write('q');
    await ended.catch(() => {});
  });

  it('tiles surfaces and keeps rows of Ink around them', async () => {
    const screen = await stdout.screen();
    expect(screen[0]).toBe(`count 0 size ${columns}x${rows}`);
    expect(screen[1]).toBe(`${`left 1/${rows - 2}`.padEnd(columns / 2)}right 1/${rows - 2}`);
    expect(screen[rows - 1]).toBe('? help');
  });

  it('has the colours of the theme in rows of Ink too', async () => {
    const [key, , help] = (await stdout.cells()).at(-1)!.split('|');
    // Blue of 256, bold; then dim.
    expect(key).toMatch(/^\?110,\d+,0,/);
    expect(help).toMatch(/^h-1,0,\d+,/);
    expect(Number(key.split(',')[1])).toBeGreaterThan(0);
    expect(Number(help.split(',')[2])).toBeGreaterThan(0);
  });

  it('shows what a burst of keys did', async () => {
    stdin.write('+++');
    const screen = await stdout.displays('###');
    expect(screen[0]).toContain('count 3');
    expect(screen[5]).toContain(`left 5/${rows - 2} ###`);
    expect(screen[5]).not.toContain('####');
  });

  it('leaves nothing behind of a help screen, nor of the panes under it', async () => {
    const first = await stdout.cells();
    stdin.write('?');
    const help = await stdout.displays('all the keys');
    expect(help.join('')).not.toContain('left');
    stdin.write('?');
    await stdout.displays('right 1/');
    expect(await stdout.cells()).toEqual(first);
  });

  it('leaves no junk as it shrinks and grows', async () => {
    for (const [width, height] of [
      [60, 9],
      [31, 5],
      [160, 50],
    ]) {
      await stdout.resize(width, height);
      const screen = await stdout.displays(`size ${width}x${height}`);
      expect(screen[0]).toBe(`count 0 size ${width}x${height}`);
      for (const [index, row] of screen.slice(1, -1).entries())
        expect(row).toMatch(
          new RegExp(`^left ${index + 1}/${height - 2} +right ${index + 1}/${height - 2}$`),
        );
      expect(screen.at(-1)).toBe('? help');
    }
  });

  it('never clears the screen, and writes once a frame', async () => {
    stdin.write('+');
    await stdout.displays('count 1');
    for (const text of stdout.writes) {
      expect(text).not.toContain(`${ESCAPE}[2J`);
      expect(text.split(';1H').length - 1).toBeLessThanOrEqual(rows);
    }
    for (const frame of stdout.writes.slice(1)) {
      expect(frame.startsWith(`${ESCAPE}[?2026h`)).toBe(true);
      expect(frame.endsWith(`${ESCAPE}[?2026l`)).toBe(true);
      expect(frame.split('[?2026h')).toHaveLength(2);
    }
  });

  it('gives everything back when it ends', async () => {
    expect(stdin.isRaw).toBe(true);
    stdin.write('q');
    await ended;
    expect(stdin.isRaw).toBe(false);
    expect(stdout.writes.at(-1)).toContain(`${ESCAPE}[?1049l`);
    expect(stdout.writes.filter((text) => text.includes('1049l'))).toHaveLength(1);
    expect(stdout.listenerCount('resize')).toBe(0);
    expect(listening()).toEqual(before);
  });

  it('tells of a component that throws, without its stack on the screen', async () => {
    stdin.write('r');
    await expect(ended).rejects.toThrow('broken pane');
    expect(stdout.writes.at(-1)).toContain(`${ESCAPE}[?1049l`);
    expect(stdout.writes.join('')).not.toContain('at Demo');
  });
});
