import { Text } from 'ink';
import type { ReactNode } from 'react';
import type { Line } from '../line.ts';
import { useScreen } from './surface.tsx';

/**
 * A line as part of Ink's own layout, cut where there is no room. It has the colours of the theme,
 * while the colours of Ink's `Text` know nothing of NO_COLOR.
 */
export function Row({ line }: { readonly line: Line }): ReactNode {
  return <Text wrap="truncate">{useScreen().paint(line)}</Text>;
}
