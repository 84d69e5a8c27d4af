import type { ReactNode } from 'react';
import { drawCompare } from '../panes/compare.ts';
import { compareOf } from '../subjects.ts';
import { Drawn } from './pane.tsx';
import { TitleRule } from './title-rule.tsx';

/** Two settings with the same luck, side by side. */
export function CompareScreen(): ReactNode {
  return (
    <>
      <TitleRule title="compare" note="the knobs turn the right side" />
      <Drawn
        flexGrow={1}
        draw={(studio, size, glyphs) => drawCompare(compareOf(studio, glyphs), size, glyphs)}
      />
    </>
  );
}
