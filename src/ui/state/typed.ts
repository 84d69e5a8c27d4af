import type { Mode } from '../commands.ts';

/** A key and the text that was typed with it. */
export interface Typed {
  readonly key: string;
  readonly input: string;
}

/**
 * What came from the terminal at once, one key after another; where a text is being written, one
 * text, which may have line breaks in it. Only a line break at its end is Return.
 *
 * @param keys as `matchKeys` names them
 */
export function typed(keys: readonly string[], text: string, mode: Mode): Typed[] {
  if (keys.length === 1) return [{ key: keys[0]!, input: text }];
  const body = text.replace(/[\r\n]$/, '');
  if (mode !== 'edit' || CONTROLS.test(body)) {
    const characters = Array.from(text);
    return keys.map((key, i) => ({ key, input: characters[i] ?? '' }));
  }
  const paste = body ? [{ key: 'paste', input: body }] : [];
  return body === text ? paste : [...paste, { key: 'return', input: '\r' }];
}

// Keys that are no text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for.
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/;
