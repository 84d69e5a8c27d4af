import { Box } from 'ink';
import type { ReactNode } from 'react';
import { layout } from '../layout.ts';
import { drawCandidates } from '../panes/candidates.ts';
import { drawFailure } from '../panes/failure.ts';
import { drawKnobs } from '../panes/knobs.ts';
import { drawNow } from '../panes/now.ts';
import { drawPlane } from '../panes/plane.ts';
import { drawRealised } from '../panes/realised.ts';
import { drawStrip } from '../panes/strip.ts';
import { drawText } from '../panes/text.ts';
import {
  candidatesOf,
  failureOf,
  knobsOf,
  nowOf,
  planeOf,
  realisedOf,
  stripOf,
  textOf,
} from '../subjects.ts';
import { useSize } from '../terminal/surface.tsx';
import { Drawn, Pane, Wall } from './pane.tsx';
import { bottomRule, candidatesRule, middleRule, topRule } from './rules.ts';

/** The instrument: the text, what may come next, the knobs, and the trade-off they make. */
export function TuneScreen(): ReactNode {
  const size = useSize();
  const plan = layout(size);
  const { extent, top, candidates, middle, knobs, numbers, strip } = plan;
  const text = (
    <Drawn
      flexGrow={1}
      height={top}
      draw={(studio, room, glyphs) => {
        const failure = failureOf(studio);
        return failure
          ? drawFailure(failure, room, glyphs)
          : drawText(textOf(studio), room, glyphs);
      }}
    />
  );
  if (extent === 'text' || extent === 'bare') return text;
  if (extent === 'small')
    return (
      <>
        <Drawn
          height={1}
          draw={(studio, { width }, glyphs) => [topRule(studio, [width], glyphs)]}
        />
        {text}
        <Drawn
          height={1}
          draw={(studio, { width }, glyphs) => [candidatesRule(studio, width, glyphs)]}
        />
        <Pane of={candidatesOf} draw={drawCandidates} height={middle} />
        <Pane of={knobsOf} draw={drawKnobs} height={1} />
        <Pane of={nowOf} draw={drawNow} height={2} />
      </>
    );
  const beside = size.width - candidates - 1;
  const plane = size.width - knobs - 1 - (numbers && numbers + 1);
  const above = [beside, candidates];
  const below = numbers ? [knobs, plane, numbers] : [knobs, plane];
  const facts = (
    <Pane of={nowOf} draw={drawNow} width={numbers || knobs} height={numbers ? middle : 2} />
  );
  return (
    <>
      <Drawn height={1} draw={(studio, _, glyphs) => [topRule(studio, above, glyphs)]} />
      <Box height={top}>
        {text}
        <Wall height={top} />
        <Pane of={candidatesOf} draw={drawCandidates} width={candidates} height={top} />
      </Box>
      <Drawn height={1} draw={(studio, _, glyphs) => [middleRule(studio, above, below, glyphs)]} />
      <Box height={middle}>
        <Box flexDirection="column" width={knobs}>
          <Pane
            of={knobsOf}
            draw={drawKnobs}
            width={knobs}
            height={numbers ? middle : middle - 2}
          />
          {numbers ? null : facts}
        </Box>
        <Wall height={middle} />
        <Drawn
          width={plane}
          height={middle}
          draw={(studio, room, glyphs) =>
            studio.axes === 'step'
              ? drawPlane(planeOf(studio), room, glyphs)
              : drawRealised(realisedOf(studio), room, glyphs)
          }
        />
        {numbers ? (
          <>
            <Wall height={middle} />
            {facts}
          </>
        ) : null}
      </Box>
      <Drawn height={1} draw={(_studio, _size, glyphs) => [bottomRule(below, glyphs)]} />
      <Pane of={stripOf} draw={drawStrip} height={strip} />
    </>
  );
}
