import type { ReactNode } from 'react';
import { drawMenu } from '../panes/menu.ts';
import { Pane } from './pane.tsx';

/** A list to choose from, and what is chosen. */
export function ChooseScreen(): ReactNode {
  return <Pane of={({ menu }) => menu!} draw={drawMenu} flexGrow={1} />;
}
