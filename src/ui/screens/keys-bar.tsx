import type { ReactNode } from 'react';
import { helpRows } from '../keys.ts';
import type { Glyphs, Line, Size } from '../line.ts';
import { keyText } from '../panes/key-text.ts';
import { row, span } from '../panes/row.ts';
import type { Studio } from '../state/studio.ts';
import { textWidth } from '../terminal/width.ts';
import { Drawn } from './pane.tsx';

/** The keys of the moment, as many as there is room for. */
export function KeysBar(): ReactNode {
  return <Drawn height={1} draw={drawKeys} />;
}

function drawKeys({ mode }: Studio, { width }: Size, glyphs: Glyphs): Line[] {
  const hints = helpRows(mode)
    .filter(({ brief }) => brief)
    .map(({ keys, brief }) => ({ keys: keyText(keys, glyphs), brief: brief! }));
  const widthOf = ({ keys, brief }: (typeof hints)[number]) => textWidth(`${keys} ${brief}  `);
  // Whoever knows the way to the help and out knows enough.
  const last = hints.slice(-2);
  let room = width - 1 - last.reduce((sum, hint) => sum + widthOf(hint), 0);
  const shown = hints.slice(0, -2).filter((hint) => {
    const needed = widthOf(hint);
    if (needed > room) return false;
    room -= needed;
    return true;
  });
  const spans = [...shown, ...last].flatMap(({ keys, brief }) => [
    span(keys, 'key'),
    span(` ${brief}  `),
  ]);
  return [row([span(' '), ...spans], width)];
}
