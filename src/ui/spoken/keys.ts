import type { Mode } from '../commands.ts';
import { helpRows } from '../keys.ts';
import { keyText } from '../panes/key-text.ts';

/** The keys of a mode, each with what it does. */
export const keySentences = (mode: Mode): string[] =>
  helpRows(mode).map(
    ({ keys, help }) => `${keyText(keys.map(spoken), 'ascii')}: ${SAID[help] ?? help}.`,
  );

// A capital and a small letter sound the same; signs are read or left out as readers please.
const spoken = (key: string) => {
  if (/^[A-Z]$/.test(key)) return `shift-${key.toLowerCase()}`;
  return NAMES[key] ?? key.replace('ctrl-', 'control-');
};

/** What does something else where there is no screen. */
const SAID: Readonly<Record<string, string>> = {
  'this step / the text on the plot': 'diversity and coherence of this step, and of the text',
  'paint the screen anew': 'where one is',
};

const NAMES: Readonly<Record<string, string>> = {
  '?': 'question mark',
  ',': 'comma',
  '.': 'period',
};
