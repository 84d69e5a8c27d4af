import { Box, render } from 'ink';
import type { ReactNode } from 'react';
import { type Ends, takeTerminal, WHOLE_SCREEN } from './lifecycle.ts';
import { Screen } from './screen.ts';
import { ScreenContext, useSize } from './surface.tsx';
import type { Theme } from './theme.ts';

/**
 * Shows an Ink app on the whole terminal until it ends.
 *
 * @returns when the app has called `exit()` of Ink's `useApp`
 * @throws what the app gave to `exit(error)`, or threw as it rendered; the terminal is given back
 */
export async function showFullScreen(app: ReactNode, ends: Ends, theme: Theme): Promise<void> {
  const screen = new Screen(ends.stdout, theme);
  const release = takeTerminal(ends, screen, WHOLE_SCREEN);
  try {
    const ink = render(
      <ScreenContext value={screen}>
        <Whole>{app}</Whole>
      </ScreenContext>,
      {
        stdin: ends.stdin,
        // It has what Ink uses of a terminal.
        stdout: screen.frames as unknown as NodeJS.WriteStream,
        // Each frame as it is, without a cursor moved or a line erased.
        debug: true,
        patchConsole: false,
        exitOnCtrlC: false,
        isScreenReaderEnabled: false,
      },
    );
    await ink.waitUntilExit();
  } finally {
    release();
  }
}

function Whole({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Box {...useSize()} flexDirection="column" overflow="hidden">
      {children}
    </Box>
  );
}
