import { KelvinError } from './error.ts';
import { LARGEST_VOCABULARY } from './keys.ts';

/** A short rendering of any value for an error message, cyclic ones included. */
export function show(value: unknown, depth = 2): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const tag = Object.prototype.toString.call(value);
  const inner = (part: unknown) => show(part, depth - 1);
  if (depth > 0 && Array.isArray(value)) return `[${value.slice(0, 8).map(inner).join(', ')}]`;
  if (depth === 0 || tag !== '[object Object]') return tag;
  const entries = Object.entries(value).slice(0, 8);
  return `{${entries.map(([key, part]) => `${key}: ${inner(part)}`).join(', ')}}`;
}

/**
 * Checks that every logit is finite or −Infinity.
 *
 * @returns the largest logit; −Infinity if none is finite
 * @throws KelvinError INVALID_LOGITS naming the first bad index
 */
export function checkedMaximum(logits: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    const z = logits[i];
    if (Number.isNaN(z) || z === Infinity)
      throw new KelvinError(
        'INVALID_LOGITS',
        `logits must be finite or -Infinity, got ${z} at index ${i} of ${logits.length}`,
      );
    if (z > max) max = z;
  }
  return max;
}

/**
 * Checks a row of logits: at least one entry, each finite or −Infinity, at least one finite.
 *
 * @returns the largest logit
 * @throws KelvinError INVALID_LOGITS
 */
export function checkLogits(logits: ArrayLike<number>): number {
  if (logits.length === 0) throw new KelvinError('INVALID_LOGITS', 'logits must not be empty');
  const max = checkedMaximum(logits);
  if (max === -Infinity)
    throw new KelvinError(
      'INVALID_LOGITS',
      `all ${logits.length} logits are -Infinity: there is no token to choose`,
    );
  return max;
}

/**
 * Checks the kind and the length of a row as a model gives it, not the logits in it.
 *
 * @param vocabulary the length it must have, if that is known
 * @throws KelvinError INVALID_LOGITS
 */
export function checkRow(logits: Float32Array, vocabulary?: number): void {
  // By tag too: logits may come from another realm (a worker's vm, a test runner).
  if (
    !(logits instanceof Float32Array) &&
    Object.prototype.toString.call(logits) !== '[object Float32Array]'
  )
    throw new KelvinError('INVALID_LOGITS', `logits must be a Float32Array, got ${show(logits)}`);
  const { length } = logits;
  if (length === 0)
    throw new KelvinError('INVALID_LOGITS', 'logits must not be empty, nor their buffer detached');
  if (length > LARGEST_VOCABULARY || (vocabulary !== undefined && length !== vocabulary))
    throw new KelvinError(
      'INVALID_LOGITS',
      `logits must have ${vocabulary ?? `at most ${LARGEST_VOCABULARY}`} entries, got ${length}`,
    );
}

/**
 * Checks that every id names a token.
 *
 * @param vocabulary number of tokens; leave it out to check only that ids are integers ≥ 0
 * @throws KelvinError INVALID_TOKEN naming the first bad index
 */
export function checkTokens(name: string, ids: ArrayLike<number>, vocabulary = Infinity): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (!Number.isSafeInteger(id) || id < 0 || id >= vocabulary)
      throw new KelvinError(
        'INVALID_TOKEN',
        `${name}: token ids must be integers ≥ 0${vocabulary < Infinity ? ` and < ${vocabulary}` : ''}, got ${show(id)} at index ${i}`,
      );
  }
}

/**
 * Checks that a list of token ids is one.
 *
 * @throws KelvinError INVALID_ARGUMENT
 */
export function checkList(name: string, ids: unknown): void {
  if (!Array.isArray(ids) && !(ids instanceof Int32Array))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `${name} must be an array of token ids or an Int32Array, got ${show(ids)}`,
    );
}

/**
 * Checks that token ids can be gone through.
 *
 * @throws KelvinError INVALID_ARGUMENT
 */
export function checkIterable(name: string, ids: Iterable<number>): void {
  if (typeof ids?.[Symbol.iterator] !== 'function')
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `${name} must be an iterable of token ids, got ${show(ids)}`,
    );
}

/**
 * Checks an argument that must be an integer.
 *
 * @throws KelvinError INVALID_ARGUMENT
 */
export function checkInteger(
  name: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `${name} must be an integer in [${min}, ${max}], got ${show(value)}`,
    );
}
