import type { ReactNode } from 'react';
import { drawRealised } from '../panes/realised.ts';
import { drawSweep } from '../panes/sweep.ts';
import { realisedOf, sweepOf } from '../subjects.ts';
import { useSize } from '../terminal/surface.tsx';
import { Pane } from './pane.tsx';
import { TitleRule } from './title-rule.tsx';

/** Rows of the table with all its settings and why one is the best. */
const TABLE = 14;

/** Measured runs of many settings: a table, and dots that land on the plot. */
export function SweepScreen(): ReactNode {
  const { height } = useSize();
  const plot = height >= 24 ? height - 3 - TABLE : 0;
  return (
    <>
      <TitleRule title="sweep of temperatures" note="intervals hold 95 %" />
      <Pane of={sweepOf} draw={drawSweep} flexGrow={1} />
      {plot > 0 ? <Pane of={realisedOf} draw={drawRealised} height={plot} /> : null}
    </>
  );
}
