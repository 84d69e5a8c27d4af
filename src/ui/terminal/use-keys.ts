import { useInput } from 'ink';
import { useState } from 'react';
import { matchKeys } from '../key-names.ts';
import { Paste } from './paste.ts';

/**
 * Calls back for what is typed, with the names of the keys and the text as it came, for those who
 * edit text; and for what is pasted, which is text and never keys. Ctrl-C is heard even where a
 * terminal began a paste and does not end it.
 */
export function useKeys(
  onKeys: (keys: string[], text: string) => void,
  onPaste: (text: string) => void,
): void {
  const [paste] = useState(() => new Paste());
  useInput((input, key) => {
    if (paste.isOpen && input === 'c' && key.ctrl) paste.drop();
    const wasOpen = paste.isOpen;
    const pasted = paste.take(input, key);
    if (pasted !== undefined) onPaste(pasted);
    else if (!wasOpen && !paste.isOpen) onKeys(matchKeys(input, key), input);
  });
}
