/** An exponent that was made of logarithms: what only their rounding puts beside 0 is 0. */
export const settled = (exponent: number): number => (Math.abs(exponent) < 1e-12 ? 0 : exponent);

/**
 * What a filter lets through, said in a form the engine can carry out over a whole vocabulary
 * without sorting it. "Largest" is by edited logit; among equals the lowest id comes first. An
 * exponent is (logit − largest logit) / τ, so e^exponent is a probability over the largest one.
 */
export type Limit =
  /** The `count` largest. */
  | { readonly kind: 'count'; readonly count: number }
  /** Every token whose edited logit is at most this far below the largest. */
  | { readonly kind: 'distance'; readonly distance: number }
  /** Every token whose exponent is at least this; none if it is above 0. */
  | { readonly kind: 'exponent'; readonly exponent: number }
  /** The shortest run of largest tokens whose probabilities sum to `mass`. */
  | { readonly kind: 'mass'; readonly mass: number }
  /** The longest run of largest tokens whose −p ln p sum to at most `entropy`. */
  | { readonly kind: 'entropy'; readonly entropy: number }
  /** The tokens with −ln p closest to `surprisal` whose probabilities sum to `mass`. */
  | { readonly kind: 'near'; readonly surprisal: number; readonly mass: number }
  /** All but the largest, down to the last whose exponent is at least this; that one stays. */
  | { readonly kind: 'below'; readonly exponent: number };
