import { createContext, type ReactNode, useContext } from 'react';
import type { Draw, Glyphs, Line, Size } from '../line.ts';
import type { Studio } from '../state/studio.ts';
import { Surface, type SurfaceProps } from '../terminal/surface.tsx';

/** What all screens show, and the signs to show it with. */
export const StudioContext = createContext<
  { readonly studio: Studio; readonly glyphs: Glyphs } | undefined
>(undefined);

/** What this screen shows. */
function useStudio(): { readonly studio: Studio; readonly glyphs: Glyphs } {
  const context = useContext(StudioContext);
  if (!context) throw new Error('a pane needs a Studio around it');
  return context;
}

type Room = Omit<SurfaceProps, 'draw'>;

/** Rows that are drawn by all there is to show. */
export function Drawn({
  draw,
  ...room
}: Room & { readonly draw: (studio: Studio, size: Size, glyphs: Glyphs) => Line[] }): ReactNode {
  const { studio, glyphs } = useStudio();
  return <Surface {...room} draw={(size: Size) => draw(studio, size, glyphs)} />;
}

/** A pane: a drawing function and what it draws, looked up each time it is drawn. */
export function Pane<Subject>({
  of,
  draw,
  ...room
}: Room & { readonly of: (studio: Studio) => Subject; readonly draw: Draw<Subject> }): ReactNode {
  return <Drawn {...room} draw={(studio, size, glyphs) => draw(of(studio), size, glyphs)} />;
}

/** The wall between two panes. */
export function Wall({ height }: { readonly height: number }): ReactNode {
  return <Drawn width={1} height={height} draw={(_, size, glyphs) => wall(size, glyphs)} />;
}

const wall = ({ height }: Size, glyphs: Glyphs): Line[] =>
  Array.from({ length: height }, () => [{ text: glyphs === 'ascii' ? '|' : '│', style: 'rule' }]);
