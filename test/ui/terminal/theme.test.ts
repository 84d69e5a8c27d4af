import { describe, expect, it } from 'vitest';
import { createTheme, paint, type Theme } from '../../../src/ui/terminal/theme.ts';

const LEVELS = ['none', '16', '256', '24-bit'] as const;
const THEMES = LEVELS.flatMap((level) =>
  (['dark', 'light'] as const).map((background): [string, Theme] => [
    `${level} on ${background}`,
    createTheme(level, background),
  ]),
);
const LADDER = ['surprisal0', 'surprisal1', 'surprisal2', 'surprisal3', 'surprisal4'] as const;

describe.each(THEMES)('a theme, %s', (_, theme) => {
  it('tells apart every degree of surprisal, and what is impossible', () => {
    const looks = [...LADDER, 'impossible' as const].map((style) => theme[style]);
    expect(new Set(looks).size).toBe(looks.length);
  });

  it('holds nothing but parameters of SGR', () => {
    for (const look of Object.values(theme)) expect(look).toMatch(/^(\d+(;\d+)*)?$/);
  });

  it('shows what is selected by inversion', () => {
    expect(theme.selected).toBe('7');
  });
});

it('has no colour where there is none', () => {
  for (const look of Object.values(createTheme('none', 'dark')))
    for (const parameter of look.split(';')) expect(Number(parameter)).toBeLessThan(10);
});

it('uses only what each level of colour has', () => {
  for (const look of Object.values(createTheme('16', 'light'))) expect(look).not.toContain('38;');
  for (const look of Object.values(createTheme('256', 'light'))) expect(look).not.toContain('38;2');
  expect(createTheme('24-bit', 'dark').surprisal2).toBe('38;2;255;175;95');
  expect(createTheme('256', 'dark').surprisal2).toBe('38;5;215');
});

it.each(['dark', 'light'] as const)('gets more intense with surprisal on %s', (background) => {
  const theme = createTheme('24-bit', background);
  const away = LADDER.slice(1).map((style) => {
    const [red, green, blue] = theme[style].split(';').slice(-3).map(Number);
    return red - (green + blue) / 2;
  });
  expect(away).toEqual([...away].sort((a, b) => a - b));
  expect(theme.surprisal0).toBe('');
});

describe('a painted line', () => {
  const theme = createTheme('none', 'dark');

  it('changes its look only where styles change, and ends as it began', () => {
    const line = [
      { text: 'a', style: 'bold' },
      { text: 'b', style: 'title' },
      { text: 'c', style: 'plain' },
      { text: 'd', style: 'selected' },
    ] as const;
    expect(paint(line, theme)).toBe('\u001B[0;1mab\u001B[mc\u001B[0;7md\u001B[m');
  });

  it('is the text alone where all is plain', () => {
    expect(paint([{ text: 'plain', style: 'plain' }], theme)).toBe('plain');
    expect(paint([], theme)).toBe('');
  });
});
