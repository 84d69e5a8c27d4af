import type { ReactNode } from 'react';
import { drawCompare } from '../panes/compare.ts';
import { compareOf } from '../subjects.ts';
import { Drawn } from './pane.tsx';
import { titleRule } from './rules.ts';

/** Two settings with the same luck, side by side. */
export function CompareScreen(): ReactNode {
  return (
    <>
      <Drawn
        height={1}
        draw={(_, { width }, glyphs) => [
          titleRule('compare', 'the knobs turn the right side', width, glyphs),
        ]}
      />
      <Drawn
        flexGrow={1}
        draw={(studio, size, glyphs) => drawCompare(compareOf(studio, glyphs), size, glyphs)}
      />
    </>
  );
}
