import { describe, expect, it } from 'vitest';
import { background, colourLevel, nearest256 } from '../../../src/ui/terminal/colour.ts';

describe('the colours of a terminal', () => {
  it.each([
    [{ TERM: 'xterm' }, '16'],
    [{}, '16'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'tmux-256color', COLORTERM: 'truecolor' }, '24-bit'],
    [{ TERM: 'xterm', COLORTERM: '24bit' }, '24-bit'],
    [{ TERM: 'xterm-direct' }, '24-bit'],
    [{ TERM: 'dumb' }, 'none'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 'none'],
    [{ TERM: 'dumb', FORCE_COLOR: 'true' }, '16'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1' }, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '3' }, 'none'],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, 'none'],
    [{ TERM: 'xterm', FORCE_COLOR: 'false' }, 'none'],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '1' }, '16'],
    [{ TERM: 'dumb', FORCE_COLOR: '2' }, '256'],
    [{ TERM: 'dumb', FORCE_COLOR: '3' }, '24-bit'],
  ])('%j: %s', (env, level) => {
    expect(colourLevel(env)).toBe(level);
  });

  it.each([
    [undefined, 'dark'],
    ['15;0', 'dark'],
    ['15;default;0', 'dark'],
    ['0;8', 'dark'],
    ['0;15', 'light'],
    ['0;7', 'light'],
    ['0;default;15', 'light'],
    ['nonsense', 'dark'],
  ])('COLORFGBG %s: %s', (COLORFGBG, expected) => {
    expect(background({ COLORFGBG })).toBe(expected);
  });

  it.each([
    ['#000000', 16],
    ['#ffffff', 231],
    ['#ff0000', 196],
    ['#ffaf5f', 215],
    ['#808080', 244],
    ['#87afd7', 110],
  ])('%s is nearest to %i of 256', (hex, number) => {
    expect(nearest256(hex)).toBe(number);
  });
});
