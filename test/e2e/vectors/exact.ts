import { KelvinError } from 'kelvin/sampling';

/** Rows up to this long are written out; of longer ones a fingerprint of their bits is enough. */
const LONGEST = 64;

/** FNV-1a by 32-bit words, forwards and backwards. */
function fingerprint(values: Float64Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let forwards = 0x811c9dc5;
  let backwards = forwards;
  for (let i = 0; i < words.length; i++) {
    forwards = Math.imul(forwards ^ words[i], 0x01000193);
    backwards = Math.imul(backwards ^ words[words.length - 1 - i], 0x01000193);
  }
  return `${values.length} numbers ${(forwards >>> 0).toString(16)} ${(backwards >>> 0).toString(16)}`;
}

/** What JSON would lose: typed arrays, and the numbers it has no words for. */
function spelled(_key: string, value: unknown): unknown {
  if (value instanceof Float64Array)
    return value.length > LONGEST ? fingerprint(value) : Array.from(value);
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : `${Object.is(value, -0) ? '-' : ''}${value}`;
}

/** A result, or why there is none, as text: two of them are equal if all their bits are. */
export function exact(result: () => unknown): string {
  try {
    return JSON.stringify(result(), spelled);
  } catch (error) {
    if (error instanceof KelvinError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
