/** How many colours a terminal has: none, the 16 of its own palette, 256, or any. */
export type ColourLevel = 'none' | '16' | '256' | '24-bit';

/** What the terminal writes on. */
export type Background = 'dark' | 'light';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The colours of a terminal, by its environment. NO_COLOR (no-color.org) comes first, then
 * FORCE_COLOR (0 to 3, as Node and chalk read it), then what the terminal says of itself.
 */
export function colourLevel(env: Environment = process.env): ColourLevel {
  if (env.NO_COLOR) return 'none';
  const forced = FORCED.get(env.FORCE_COLOR ?? '');
  if (forced) return forced;
  if (env.TERM === 'dumb') return env.FORCE_COLOR ? '16' : 'none';
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '')) return '24-bit';
  if (/-direct$/.test(env.TERM ?? '')) return '24-bit';
  return /256/.test(env.TERM ?? '') ? '256' : '16';
}

/** What COLORFGBG says (its last number is the background's, in the 16 colours); dark if nothing. */
export function background(env: Environment = process.env): Background {
  const number = /;(\d+)$/.exec(env.COLORFGBG ?? '')?.[1];
  return number === '7' || Number(number) > 8 ? 'light' : 'dark';
}

/** The nearest of the 256 colours to a colour `#rrggbb`, as its number from 16 to 255. */
export function nearest256(hex: string): number {
  const rgb = channels(hex);
  const [red, green, blue] = rgb.map((channel) => nearestIndex(CUBE, channel));
  const grey = nearestIndex(GREYS, (rgb[0] + rgb[1] + rgb[2]) / 3);
  const off = (other: readonly number[]) =>
    rgb.reduce((sum, channel, index) => sum + (channel - other[index]) ** 2, 0);
  return off([GREYS[grey], GREYS[grey], GREYS[grey]]) < off([CUBE[red], CUBE[green], CUBE[blue]])
    ? 232 + grey
    : 16 + 36 * red + 6 * green + blue;
}

/** Red, green and blue of `#rrggbb`, from 0 to 255. */
export function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function nearestIndex(levels: readonly number[], value: number): number {
  const distances = levels.map((level) => Math.abs(level - value));
  return distances.indexOf(Math.min(...distances));
}

const FORCED = new Map<string, ColourLevel>([
  ['0', 'none'],
  ['false', 'none'],
  ['1', '16'],
  ['2', '256'],
  ['3', '24-bit'],
]);
// The 6 x 6 x 6 cube and the ramp of greys, as xterm defines them.
const CUBE = [0, 95, 135, 175, 215, 255];
const GREYS = Array.from({ length: 24 }, (_, index) => 8 + 10 * index);
