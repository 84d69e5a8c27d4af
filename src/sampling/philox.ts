import { checkInteger } from './check.ts';

/** Four unsigned 32-bit words. */
export type Words4 = readonly [number, number, number, number];
/** Two unsigned 32-bit words. */
export type Words2 = readonly [number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (aLow * bHigh + (middle & 0xffff)) >>> 16;
  return (aHigh * bHigh + (middle >>> 16) + carry) >>> 0;
}

/**
 * Philox 4x32-10: a random function of a 128-bit counter and a 64-bit key, without state.
 *
 * Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011); agrees
 * with the known-answer vectors of their Random123 library.
 *
 * @param counter four unsigned 32-bit words
 * @param key two unsigned 32-bit words
 * @returns four unsigned 32-bit words
 * @example
 * import { philox4x32 } from 'kelvin/sampling';
 * philox4x32([0, 0, 0, 0], [0, 0]); // => [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
 */
export function philox4x32([c0, c1, c2, c3]: Words4, [k0, k1]: Words2): Words4 {
  mix(c0, c1, c2, c3, k0, k1);
  return [words[0], words[1], words[2], words[3]];
}

/** Where the rounds leave their four words. */
const words = new Uint32Array(4);

function mix(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** The high word of an integer's 64-bit two's complement. */
const highWord = (integer: number): number => Math.floor(integer / 0x1_0000_0000) >>> 0;

/**
 * A uniform number in [0, 1) that is a pure function of its three arguments, so the luck of step
 * n does not depend on how many numbers earlier steps consumed, and rewinding replays it.
 *
 * The key is the seed's 64-bit two's complement (low word first), the counter is (step low, step
 * high, stream, 0), and the result takes 27 + 26 bits of the first two output words: a multiple
 * of 2^-53.
 *
 * @param seed any safe integer, negative ones included
 * @param stream which use the number is for, an unsigned 32-bit integer: 0 draws the token
 * @param step index of the generated token, a safe integer ≥ 0
 * @throws KelvinError INVALID_ARGUMENT for anything else
 * @example
 * import { uniform } from 'kelvin/sampling';
 * uniform(7, 0, 0) === uniform(7, 0, 0); // => true
 */
export function uniform(seed: number, stream: number, step: number): number {
  checkInteger('seed', seed, Number.MIN_SAFE_INTEGER);
  checkInteger('stream', stream, 0, 0xffffffff);
  checkInteger('step', step, 0);
  mix(step >>> 0, highWord(step), stream, 0, seed >>> 0, highWord(seed));
  return ((words[0] >>> 5) * 0x4000000 + (words[1] >>> 6)) / 0x20000000000000;
}
