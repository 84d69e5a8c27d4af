// Control characters, and those that turn the direction of what follows.
const CONTROLS = /[^\P{Cc}\n\t]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Text that cannot drive a terminal: control and direction characters, which a model or a file
 * may well hold, become visible. Line breaks and tabs stay.
 */
export function harmless(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : codePointSign(code);
  });
}

/** A code point by its number, as in `<U+202E>`. */
export function codePointSign(code: number): string {
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The same JSON, with every such character written as JSON's own escape. */
export function harmlessJson(json: string): string {
  return json.replace(
    CONTROLS,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
