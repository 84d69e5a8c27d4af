import type { ReactNode } from 'react';
import { helpRows } from '../keys.ts';
import type { Glyphs, Line, Size } from '../line.ts';
import { keyText } from '../panes/key-text.ts';
import { row, span } from '../panes/row.ts';
import { shortened } from '../panes/shortened.ts';
import { noticeOf } from '../panes/status.ts';
import type { Studio } from '../state/studio.ts';
import { statusOf } from '../status-of.ts';
import { visible } from '../terminal/visible.ts';
import { textWidth } from '../terminal/width.ts';
import { Drawn } from './pane.tsx';

/** The keys of the moment, as many as there is room for; or what has no room in the status. */
export function KeysBar(): ReactNode {
  return <Drawn height={1} draw={drawKeys} />;
}

/** Where there is no room for status and keys: what must be told, or that there would be more. */
export function SmallBar(): ReactNode {
  return (
    <Drawn
      height={1}
      draw={(studio, { width }, glyphs) => {
        const { text, isError } = statusOf(studio, glyphs).notice ?? {};
        const said = text === undefined ? 'too small for more' : visible(text, glyphs);
        const style = isError ? 'error' : text === undefined ? 'dim' : 'plain';
        return [row([span(shortened(said, width, glyphs), style)], width)];
      }}
    />
  );
}

const NEEDED = ['back', 'help', 'quit'];

function drawKeys(studio: Studio, { width }: Size, glyphs: Glyphs): Line[] {
  const status = statusOf(studio, glyphs);
  const [, rest] = noticeOf(status, width, glyphs);
  if (rest !== '') {
    const style = status.notice?.isError ? 'error' : 'plain';
    return [row([span(' '), span(shortened(rest, width - 2, glyphs), style)], width)];
  }
  const hints = helpRows(studio.mode)
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
