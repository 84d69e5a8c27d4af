import type { Line, Style } from '../line.ts';
import { type Background, type ColourLevel, channels, nearest256 } from './colour.ts';

/** The parameters of SGR (ECMA-48) that give a style its look; '' is how the terminal writes. */
export type Theme = Readonly<Record<Style, string>>;

/**
 * How every style looks with so many colours on such a background. No style needs colour to be
 * told from those beside it: glyphs, and weight or underline where there is none, say the same.
 */
export function createTheme(level: ColourLevel, background: Background): Theme {
  const entries = Object.entries(LOOKS).map(([style, look]) => [
    style,
    sgr(look, level, background),
  ]);
  return Object.fromEntries(entries) as Record<Style, string>;
}

/** A line as a terminal takes it, ending in the terminal's own look. */
export function paint(line: Line, theme: Theme): string {
  let painted = '';
  let look = '';
  for (const { text, style } of line) {
    const next = theme[style];
    if (next !== look) painted += `\u001B[${next && `0;${next}`}m`;
    look = next;
    painted += text;
  }
  return look ? `${painted}\u001B[m` : painted;
}

function sgr(look: Look, level: ColourLevel, background: Background): string {
  const colour = look[background];
  if (level === 'none' || !colour) return look.mono;
  return [look.beside, foreground(colour, level)].filter(Boolean).join(';');
}

function foreground([code, hex]: Colour, level: Exclude<ColourLevel, 'none'>): string {
  if (level === '16' || !hex) return code;
  return level === '256' ? `38;5;${nearest256(hex)}` : `38;2;${channels(hex).join(';')}`;
}

/** As one of a terminal's own 16 colours, and exactly. */
type Colour = readonly [code: string, hex?: string];

interface Look {
  /** Without colour. */
  readonly mono: string;
  /** Beside the colour. */
  readonly beside?: string;
  readonly dark?: Colour;
  readonly light?: Colour;
}

const ORANGE = { dark: ['33', '#ffaf5f'], light: ['31', '#af5f00'] } as const;
const BLUE = { dark: ['94', '#87afd7'], light: ['34', '#005faf'] } as const;
const GREEN = { dark: ['32', '#87d787'], light: ['32', '#008700'] } as const;
const PURPLE = { dark: ['95', '#d7afff'], light: ['35', '#8700af'] } as const;
const GREY = { dark: ['90', '#8a8a8a'], light: ['90', '#767676'] } as const;
const RED = { dark: ['91', '#ff5f5f'], light: ['31', '#d70000'] } as const;

// Surprisal is one hue that moves away from the foreground by lightness. Its least is the
// foreground itself, so that plain text looks plain. Sixteen colours hold no ladder of one hue:
// there, and without any, weight and underline are the ladder.
const LOOKS: Readonly<Record<Style, Look>> = {
  plain: { mono: '' },
  dim: { mono: '2' },
  bold: { mono: '1' },
  rule: { mono: '2', ...GREY },
  title: { mono: '1' },
  key: { mono: '1', beside: '1', ...BLUE },
  selected: { mono: '7' },
  error: { mono: '1', beside: '1', ...RED },
  surprisal0: { mono: '2', dark: [''], light: [''] },
  surprisal1: { mono: '', dark: ['33', '#ffd7af'], light: ['31', '#5f3700'] },
  surprisal2: { mono: '4', dark: ['4;33', '#ffaf5f'], light: ['4;31', '#875200'] },
  surprisal3: { mono: '1', dark: ['1;33', '#ff8700'], light: ['1;31', '#af5f00'] },
  surprisal4: { mono: '1;4', beside: '1', dark: ['4;33', '#ff5f00'], light: ['4;31', '#d75f00'] },
  impossible: { mono: '2;4;9', beside: '9', ...RED },
  raw: { mono: '', ...BLUE },
  shaped: { mono: '1', ...ORANGE },
  cut: { mono: '2', ...GREY },
  drawn: { mono: '1', beside: '1', ...GREEN },
  curve: { mono: '', ...BLUE },
  now: { mono: '1', beside: '1', ...ORANGE },
  trail: { mono: '2', ...ORANGE },
  reference: { mono: '1', beside: '1', ...PURPLE },
  run: { mono: '', ...GREEN },
  left: { mono: '', ...BLUE },
  right: { mono: '1', ...PURPLE },
};
