import { Box } from 'ink';
import type { ReactNode } from 'react';
import { drawCandidates } from '../panes/candidates.ts';
import { drawExplain } from '../panes/explain.ts';
import { candidatesOf } from '../subjects.ts';
import { useSize } from '../terminal/surface.tsx';
import { Drawn, Pane, Wall } from './pane.tsx';
import { explainRule } from './rules.ts';

/** How a token's probability comes about, beside the candidates. */
export function ExplainScreen(): ReactNode {
  const { width, height } = useSize();
  const beside = Math.floor(width * 0.42);
  const room = height - 3;
  return (
    <>
      <Drawn
        height={1}
        draw={(studio, _, glyphs) => [explainRule(studio, [width - beside - 1, beside], glyphs)]}
      />
      <Box height={room}>
        <Pane
          of={({ tuner }) => tuner?.viewer.explanation}
          draw={drawExplain}
          flexGrow={1}
          height={room}
        />
        <Wall height={room} />
        <Pane of={candidatesOf} draw={drawCandidates} width={beside} height={room} />
      </Box>
    </>
  );
}
