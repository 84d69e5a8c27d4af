import type { ReactNode } from 'react';
import { helpRows } from '../keys.ts';
import { drawHelp, helpOverflow } from '../panes/help.ts';
import { keyText } from '../panes/key-text.ts';
import { Drawn } from './pane.tsx';

/** Every key. */
export function HelpScreen(): ReactNode {
  return (
    <Drawn
      flexGrow={1}
      draw={(studio, size, glyphs) => {
        const rows = helpRows().map(({ keys, help }) => ({ keys: keyText(keys, glyphs), help }));
        // Who scrolls beyond the end has not gone anywhere.
        studio.helpOffset = Math.min(studio.helpOffset, helpOverflow(rows, size));
        return drawHelp({ rows, offset: studio.helpOffset }, size, glyphs);
      }}
    />
  );
}
