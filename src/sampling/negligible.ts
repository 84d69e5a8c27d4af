import type { Row } from './row.ts';

/**
 * The score below which a whole block does not count: V weights below 2^-(25 + log2 V) of the
 * largest sum to less than 2^-25 of it.
 *
 * @param scale octaves of weight per unit of score
 */
export const negligible = ({ max, vocabulary }: Row, scale: number): number =>
  Math.fround(max - (25 + 32 - Math.clz32(vocabulary - 1)) / scale);
