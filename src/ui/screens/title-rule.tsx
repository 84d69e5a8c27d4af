import type { ReactNode } from 'react';
import { layout } from '../layout.ts';
import { useSize } from '../terminal/surface.tsx';
import { Drawn } from './pane.tsx';
import { titleRule } from './rules.ts';

/** The name of a pane that has the whole width; on the smallest screens its row is the pane's. */
export function TitleRule({
  title,
  note = '',
}: {
  readonly title: string;
  readonly note?: string;
}): ReactNode {
  if (layout(useSize()).extent === 'bare') return null;
  return (
    <Drawn height={1} draw={(_, { width }, glyphs) => [titleRule(title, note, width, glyphs)]} />
  );
}
