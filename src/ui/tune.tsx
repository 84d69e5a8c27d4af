import { commandLine } from './export.ts';
import type { Glyphs } from './line.ts';
import { App } from './screens/app.tsx';
import { type Opening, Studio } from './state/studio.ts';
import { tunedBy } from './state/write-menu.ts';
import { background, colourLevel } from './terminal/colour.ts';
import { showFullScreen } from './terminal/full-screen.tsx';
import type { Ends } from './terminal/lifecycle.ts';
import { createTheme } from './terminal/theme.ts';

/** How the screen looks. */
export interface Look {
  readonly glyphs: Glyphs;
  /** The terminal's own; what its environment tells, if absent. */
  readonly background?: 'dark' | 'light' | undefined;
}

/** What one leaves the screen with. */
export interface Leaving {
  readonly text: string;
  /** The command that writes with the settings of the end. */
  readonly command: string;
}

/**
 * Shows the instrument on the whole terminal until it is left.
 *
 * @returns what was on the screen; undefined where there was no text
 */
export async function tune(
  opening: Opening,
  look: Look,
  ends: Ends = process,
): Promise<Leaving | undefined> {
  const theme = createTheme(colourLevel(), look.background ?? background());
  const studio = new Studio(opening);
  await showFullScreen(<App studio={studio} glyphs={look.glyphs} />, ends, theme);
  const { tuner } = studio;
  if (!tuner) return undefined;
  const text = tuner.timeline.written.map((token) => token.text).join('');
  return { text: tuner.prompt + text, command: commandLine(tunedBy(studio, tuner)) };
}
