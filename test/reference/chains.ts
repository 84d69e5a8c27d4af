// Random options, for rows in which the ids 0 to 4 are biased, banned and repeated.
import fc from 'fast-check';
import { between } from '../sampling/logits.ts';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

/** Options every chain may have. */
export const common = {
  temperature: maybe(fc.oneof(between(0.05, 3), fc.constantFrom(0, 1e-3, Infinity))),
  minTokensToKeep: maybe(fc.integer({ min: 1, max: 5 })),
  repetitionPenalty: maybe(between(0.5, 2)),
  presencePenalty: maybe(between(-2, 2)),
  frequencyPenalty: maybe(between(-2, 2)),
  penaltyWindow: maybe(fc.constantFrom(-1, 1, 2, 3, 5, 8, 12)),
  logitBias: maybe(fc.dictionary(fc.constantFrom('0', '1', '2'), between(-5, 5))),
  order: fc.constantFrom('temperature-first' as const, 'temperature-last' as const),
  seed: fc.integer(),
};

/** The classic filters. */
export const truncations = {
  topK: maybe(fc.integer({ min: 0, max: 60 })),
  topP: maybe(between(0, 1)),
  minP: maybe(between(0, 1)),
};

/** The other filters. */
export const family = {
  topNSigma: maybe(between(0.1, 4)),
  typicalP: maybe(between(0.05, 1)),
  epsilonCutoff: maybe(between(0, 0.3)),
  etaCutoff: maybe(between(0, 0.9)),
  topA: maybe(between(0.01, 3)),
  topH: maybe(between(0.05, 1.2)),
  xtc: maybe(fc.record({ probability: between(0, 1), threshold: between(0.01, 0.5) })),
};

export const mirostat = fc.record({
  version: fc.constantFrom(1 as const, 2 as const),
  tau: between(0, 6),
  eta: between(0, 1),
});

/** The other edits, and the temperature that follows the entropy. */
export const laterEdits = {
  dry: maybe(
    fc.record({
      multiplier: between(0, 3),
      base: between(1, 3),
      allowedLength: fc.integer({ min: 1, max: 4 }),
      sequenceBreakers: fc.uniqueArray(fc.nat(4), { maxLength: 2 }),
    }),
  ),
  noRepeatNgramSize: maybe(fc.nat(4)),
  badWords: maybe(
    fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  ),
  bannedTokens: maybe(fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 })),
  endTokens: fc.constant([4]),
  minNewTokens: maybe(fc.nat(20)),
  dynamicTemperature: maybe(fc.record({ range: between(0, 1), exponent: between(0.2, 3) })),
};

/** Token ids so far. */
export const histories = fc.array(fc.nat(4), { maxLength: 20 });
