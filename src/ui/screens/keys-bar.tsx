import type { ReactNode } from 'react';
import { helpRows } from '../keys.ts';
import type { Glyphs, Line, Size } from '../line.ts';
import { keyText } from '../panes/key-text.ts';
import { row, span } from '../panes/page.ts';
import type { Studio } from '../state/studio.ts';
import { textWidth } from '../terminal/width.ts';
import { Drawn } from './pane.tsx';

/** The keys of the moment, as many as there is room for. */
export function KeysBar(): ReactNode {
  return <Drawn height={1} draw={drawKeys} />;
}

function drawKeys({ mode }: Studio, { width }: Size, glyphs: Glyphs): Line[] {
  const spans = [span(' ')];
  let room = width - 1;
  for (const { keys, brief } of [...helpRows(mode)].filter(({ brief }) => brief)) {
    const names = keyText(keys, glyphs);
    const needed = textWidth(names) + textWidth(brief!) + 3;
    if (needed > room) continue;
    spans.push(span(names, 'key'), span(` ${brief}  `));
    room -= needed;
  }
  return [row(spans, width)];
}
