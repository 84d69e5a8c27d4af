import { Box, useApp } from 'ink';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { commandOf } from '../keys.ts';
import { layout } from '../layout.ts';
import type { Glyphs } from '../line.ts';
import { drawStatus } from '../panes/status.ts';
import { paste, press } from '../state/press.ts';
import type { Studio } from '../state/studio.ts';
import { typed } from '../state/typed.ts';
import { statusOf } from '../status-of.ts';
import { useScreen, useSize } from '../terminal/surface.tsx';
import { useKeys } from '../terminal/use-keys.ts';
import { ChooseScreen } from './choose-screen.tsx';
import { CompareScreen } from './compare-screen.tsx';
import { EditScreen } from './edit-screen.tsx';
import { ExplainScreen } from './explain-screen.tsx';
import { HelpScreen } from './help-screen.tsx';
import { KeysBar, SmallBar } from './keys-bar.tsx';
import { Drawn, StudioContext } from './pane.tsx';
import { SweepScreen } from './sweep-screen.tsx';
import { TuneScreen } from './tune-screen.tsx';

const OVERLAYS = {
  choose: ChooseScreen,
  compare: CompareScreen,
  edit: EditScreen,
  explain: ExplainScreen,
  help: HelpScreen,
  sweep: SweepScreen,
};

/** Everything: the status, the screen of the moment, and the keys that mean something there. */
export function App({
  studio,
  glyphs,
}: {
  readonly studio: Studio;
  readonly glyphs: Glyphs;
}): ReactNode {
  const { exit } = useApp();
  useEffect(() => {
    studio.leave = exit;
    void studio.open();
  }, [studio, exit]);
  const screen = useScreen();
  useEffect(() => studio.subscribe(screen.invalidate), [studio, screen]);
  useSyncExternalStore(studio.chrome.subscribe, studio.chrome.version);
  useKeys(
    (keys, text) => {
      // What changes in answer is shown without waiting for the next frame.
      screen.hurry();
      for (const { key, input } of typed(keys, text, studio.mode)) {
        if (commandOf(key, studio.mode) === 'repaint') screen.repaint();
        else press(studio, key, input);
      }
    },
    (text) => {
      screen.hurry();
      paste(studio, text);
    },
  );
  const { extent } = layout(useSize());
  const Shown = studio.overlay ? OVERLAYS[studio.overlay] : TuneScreen;
  return (
    <StudioContext value={{ studio, glyphs }}>
      {extent === 'bare' ? null : (
        <Drawn height={1} draw={(_, size) => drawStatus(statusOf(studio, glyphs), size, glyphs)} />
      )}
      <Box flexDirection="column" flexGrow={1}>
        <Shown />
      </Box>
      {extent === 'bare' ? <SmallBar /> : <KeysBar />}
    </StudioContext>
  );
}
