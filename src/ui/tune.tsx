import type { Glyphs } from './line.ts';
import { App } from './screens/app.tsx';
import type { Opening } from './state/studio.ts';
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

/** Shows the instrument on the whole terminal until it is left. */
export function tune(opening: Opening, look: Look, ends: Ends = process): Promise<void> {
  const theme = createTheme(colourLevel(), look.background ?? background());
  return showFullScreen(<App opening={opening} glyphs={look.glyphs} />, ends, theme);
}
