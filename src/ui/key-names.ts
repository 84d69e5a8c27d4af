import type { Key } from 'ink';

/**
 * The names of the keys in one event of Ink's `useInput`, in order: a character as itself ('t', 'T',
 * '?'), 'space', 'return', 'tab', 'escape', 'backspace' (and Delete, which Ink tells not apart),
 * 'up', 'down', 'left', 'right', 'pageup', 'pagedown', 'home', 'end'; before a name 'ctrl-', 'alt-'
 * and, where the key has no upper case, 'shift-'. Keys held down come several in one event.
 *
 * Control sequences that are no key, as of a mouse, give none.
 */
export function matchKeys(input: string, key: Key): string[] {
  const special = SPECIAL.find(([flag]) => key[flag]);
  if (special) {
    // Ink says of Escape that it is pressed with Alt.
    const alt = key.meta && !key.escape;
    return [`${prefix(key.ctrl, alt)}${key.shift ? 'shift-' : ''}${special[1]}`];
  }
  if (SEQUENCE.test(input)) return [];
  return Array.from(input, (character) => `${prefix(key.ctrl, key.meta)}${nameOf(character)}`);
}

function prefix(ctrl: boolean, alt: boolean): string {
  return `${ctrl ? 'ctrl-' : ''}${alt ? 'alt-' : ''}`;
}

function nameOf(character: string): string {
  const name = NAMES.get(character);
  if (name) return name;
  const code = character.charCodeAt(0);
  return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : character;
}

const SPECIAL = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'return'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
] as const;

const NAMES = new Map([
  [' ', 'space'],
  ['\r', 'return'],
  ['\n', 'return'],
  ['\t', 'tab'],
  ['\b', 'backspace'],
  ['\u007F', 'backspace'],
  ['\u001B', 'escape'],
]);

// What Ink leaves of CSI and SS3 sequences that it does not know, without their escape character.
const SEQUENCE = /^(\[[<=>?]?[\d;:]*[ -/]*[@-~]|O[A-Za-z])$/;
