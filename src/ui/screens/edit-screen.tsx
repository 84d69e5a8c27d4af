import type { ReactNode } from 'react';
import { drawEditor } from '../panes/editor.ts';
import { Pane } from './pane.tsx';

/** A text being written by hand. */
export function EditScreen(): ReactNode {
  return <Pane of={({ editing }) => editing!} draw={drawEditor} flexGrow={1} />;
}
