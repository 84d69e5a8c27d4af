import { type Leaving, leavingOf } from './leaving.ts';
import type { Glyphs } from './line.ts';
import { App } from './screens/app.tsx';
import { type Opening, Studio } from './state/studio.ts';
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
  return leavingOf(studio);
}
