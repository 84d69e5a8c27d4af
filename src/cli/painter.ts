import type { Line } from '../ui/line.ts';
import { background, colourLevel } from '../ui/terminal/colour.ts';
import { createTheme, paint } from '../ui/terminal/theme.ts';

/**
 * A function that makes lines what a stream takes. A terminal gets the looks of the theme, which
 * are weight and underline alone where it has no colours or NO_COLOR is set; a pipe, and a terminal
 * that can do nothing, plain text, but for FORCE_COLOR.
 */
export function painter(
  stream: NodeJS.WriteStream = process.stdout,
  env = process.env,
): (line: Line) => string {
  const forced = Boolean(env.FORCE_COLOR) && colourLevel(env) !== 'none';
  if (!forced && (!stream.isTTY || env.TERM === 'dumb'))
    return (line) => line.map(({ text }) => text).join('');
  const theme = createTheme(colourLevel(env), background(env));
  return (line) => paint(line, theme);
}
