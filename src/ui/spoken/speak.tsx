import { render } from 'ink';
import type { ReactNode } from 'react';
import { type Leaving, leavingOf } from '../leaving.ts';
import { paste } from '../state/press.ts';
import { type Opening, Studio } from '../state/studio.ts';
import { typed } from '../state/typed.ts';
import { Frames } from '../terminal/frames.ts';
import { harmless } from '../terminal/harmless.ts';
import { type Ends, PASTES, takeTerminal } from '../terminal/lifecycle.ts';
import { useKeys } from '../terminal/use-keys.ts';
import { Narrator } from './narrator.ts';

/**
 * The instrument for a screen reader: the same keys do the same things, and lines of plain text tell
 * what they do, one after the other. Nothing is drawn, moved or coloured.
 *
 * @returns as `tune`
 */
export async function speak(opening: Opening, ends: Ends = process): Promise<Leaving | undefined> {
  const studio = new Studio(opening);
  const narrator = new Narrator(studio);
  const say = (sentences: readonly string[]) => {
    for (const sentence of sentences) ends.stdout.write(`${harmless(sentence)}\n`);
  };
  const painter = { start: () => say(narrator.survey()), stop: () => {} };
  const release = takeTerminal(ends, painter, PASTES);
  // Ink reads the keys; what it draws is nothing, and goes nowhere.
  const ink = render(
    <Keyboard
      onKeys={(keys, text) => {
        for (const { key, input } of typed(keys, text, studio.mode))
          say(narrator.press(key, input));
      }}
      onPaste={(text) => paste(studio, text)}
    />,
    {
      stdin: ends.stdin,
      stdout: new Frames(
        () => 80,
        () => {},
      ) as unknown as NodeJS.WriteStream,
      debug: true,
      patchConsole: false,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    },
  );
  try {
    studio.subscribe(() => say(narrator.hear()));
    studio.leave = () => ink.unmount();
    void studio.open();
    await ink.waitUntilExit();
  } finally {
    release();
  }
  return leavingOf(studio);
}

function Keyboard({
  onKeys,
  onPaste,
}: {
  readonly onKeys: (keys: string[], text: string) => void;
  readonly onPaste: (text: string) => void;
}): ReactNode {
  useKeys(onKeys, onPaste);
  return null;
}
