import { Box, type BoxProps, type DOMElement } from 'ink';
import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Line, Size } from '../line.ts';
import type { Rect } from './compose.ts';
import type { Screen } from './screen.ts';

/** The screen that the components below are on. */
export const ScreenContext = createContext<Screen | undefined>(undefined);

/** The screen this component is on. */
export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error('a Surface needs a Screen around it');
  return screen;
}

/** The terminal's size, whenever it changes. */
export function useSize(): Size {
  const screen = useScreen();
  return useSyncExternalStore(screen.subscribe, () => screen.size);
}

export interface SurfaceProps
  extends Pick<
    BoxProps,
    | 'width'
    | 'height'
    | 'minWidth'
    | 'minHeight'
    | 'flexGrow'
    | 'flexShrink'
    | 'flexBasis'
    | 'display'
  > {
  /** Draws the pane: so many lines, each exactly so many cells wide. */
  readonly draw: (size: Size) => readonly Line[];
}

/**
 * A pane that Ink's layout makes room for and the screen paints. On every row that a surface is on
 * there is nothing of Ink's, so surfaces go side by side over the whole width.
 *
 * What `draw` reads may change at any time: `screen.invalidate()` then has it drawn again.
 */
export function Surface({ draw, ...room }: SurfaceProps): ReactNode {
  const screen = useScreen();
  const box = useRef<DOMElement>(null);
  const latest = useRef(draw);
  useLayoutEffect(() => {
    latest.current = draw;
    screen.invalidate();
  }, [draw, screen]);
  useLayoutEffect(
    () =>
      screen.add({
        measure: () => place(box.current),
        draw: (size) => latest.current(size),
      }),
    [screen],
  );
  return <Box ref={box} flexShrink={0} {...room} />;
}

/** Where a box is on the screen: Ink keeps each one's place in the one around it. */
function place(box: DOMElement | null): Rect {
  const layout = box?.yogaNode;
  let [left, top] = [0, 0];
  for (let node = box; node; node = node.parentNode ?? null) {
    left += node.yogaNode?.getComputedLeft() ?? 0;
    top += node.yogaNode?.getComputedTop() ?? 0;
  }
  return {
    left,
    top,
    width: layout?.getComputedWidth() ?? 0,
    height: layout?.getComputedHeight() ?? 0,
  };
}
