import type { ReactNode } from 'react';
import { drawCompare } from '../panes/compare.ts';
import { drawKnobs } from '../panes/knobs.ts';
import { compareOf, knobsOf } from '../subjects.ts';
import { Drawn, Pane } from './pane.tsx';

/** Two settings with the same luck, side by side. */
export function CompareScreen(): ReactNode {
  return (
    <>
      <Drawn
        flexGrow={1}
        draw={(studio, size, glyphs) => drawCompare(compareOf(studio, glyphs), size, glyphs)}
      />
      <Pane of={knobsOf} draw={drawKnobs} height={1} />
    </>
  );
}
