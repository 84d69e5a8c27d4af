import { Box } from 'ink';
import type { ReactNode } from 'react';
import { layout } from '../layout.ts';
import { drawCandidates } from '../panes/candidates.ts';
import { drawExplain } from '../panes/explain.ts';
import type { Studio } from '../state/studio.ts';
import { candidatesOf } from '../subjects.ts';
import { useSize } from '../terminal/surface.tsx';
import { Drawn, Pane, Wall } from './pane.tsx';
import { explainRule } from './rules.ts';
import { TitleRule } from './title-rule.tsx';

const explanationOf = ({ tuner }: Studio) => tuner?.viewer.explanation;

/** How a token's probability comes about, beside the candidates where there is room for both. */
export function ExplainScreen(): ReactNode {
  const size = useSize();
  const { width, height } = size;
  const { extent } = layout(size);
  if (extent === 'text' || extent === 'bare')
    return (
      <>
        <TitleRule title="how it comes about" />
        <Pane of={explanationOf} draw={drawExplain} flexGrow={1} />
      </>
    );
  const beside = Math.floor(width * 0.42);
  const room = height - 3;
  return (
    <>
      <Drawn
        height={1}
        draw={(studio, _, glyphs) => [explainRule(studio, [width - beside - 1, beside], glyphs)]}
      />
      <Box height={room}>
        <Pane of={explanationOf} draw={drawExplain} flexGrow={1} height={room} />
        <Wall height={room} />
        <Pane of={candidatesOf} draw={drawCandidates} width={beside} height={room} />
      </Box>
    </>
  );
}
