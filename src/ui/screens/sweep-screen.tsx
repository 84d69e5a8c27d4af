import type { ReactNode } from 'react';
import { drawRealised } from '../panes/realised.ts';
import { drawSweep } from '../panes/sweep.ts';
import { realisedOf, sweepOf } from '../subjects.ts';
import { useSize } from '../terminal/surface.tsx';
import { Drawn, Pane } from './pane.tsx';
import { titleRule } from './rules.ts';

/** Measured runs of many settings: a table, and dots that land on the plot. */
export function SweepScreen(): ReactNode {
  const { height } = useSize();
  const plot = height >= 24 ? Math.floor((height - 3) * 0.4) : 0;
  return (
    <>
      <Drawn
        height={1}
        draw={(_, { width }, glyphs) => [
          titleRule('sweep of temperatures', 'intervals hold 95 %', width, glyphs),
        ]}
      />
      <Pane of={sweepOf} draw={drawSweep} flexGrow={1} />
      {plot > 0 ? <Pane of={realisedOf} draw={drawRealised} height={plot} /> : null}
    </>
  );
}
