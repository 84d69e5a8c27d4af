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

const NEEDED = ['back', 'help', 'quit'];

function drawKeys({ mode }: Studio, { width }: Size, glyphs: Glyphs): Line[] {
  const hints = helpRows(mode)
    .filter(({ brief }) => brief)
    .map(({ keys, brief }) => ({ keys: keyText(keys, glyphs), brief: brief! }));
  const widthOf = ({ keys, brief }: (typeof hints)[number]) => textWidth(`${keys} ${brief}  `);
  // Whoever knows the way back, to the help and out knows enough.
  const isNeeded = ({ brief }: (typeof hints)[number]) => NEEDED.includes(brief);
  let room = width - 1;
  const shown = new Set<(typeof hints)[number]>();
  for (const hint of [...hints.filter(isNeeded), ...hints]) {
    const taken = shown.has(hint) ? 0 : widthOf(hint);
    if (taken > room) continue;
    room -= taken;
    shown.add(hint);
  }
  const spans = hints
    .filter((hint) => shown.has(hint))
    .flatMap(({ keys, brief }) => [span(keys, 'key'), span(` ${brief}  `)]);
  return [row([span(' '), ...spans], width)];
}
