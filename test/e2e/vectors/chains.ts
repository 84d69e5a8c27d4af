import type { Constraint, SamplingOptions } from 'kelvin/sampling';

/** Distinct tokens, as far as the vocabulary has so many. */
const spread = (vocabulary: number, count: number, first: number): number[] =>
  Array.from({ length: count }, (_, i) => (first + 5 * i) % vocabulary);

/** Forbids every third token, by turns. */
function everyThird(): Constraint {
  let turn = 0;
  return {
    fillMask: (mask) => {
      for (let id = 0; id < mask.length; id++) mask[id] = (id + turn) % 3 === 0 ? 0 : 1;
    },
    accept: () => {
      turn++;
    },
    reset: () => {
      turn = 0;
    },
  };
}

/** A prompt that repeats itself, for what looks at the text so far. */
export function promptOf(vocabulary: number): number[] {
  const words = spread(vocabulary, 4, 1);
  return [...words, ...words, ...words.slice(0, 3)];
}

/** Options by what they are about; together they set every option and run every stage. */
export function chains(vocabulary: number): Readonly<Record<string, SamplingOptions>> {
  const [a, b, c, d] = promptOf(vocabulary);
  const dry = { multiplier: 0.8, base: 1.5, allowedLength: 1, sequenceBreakers: [d] };
  const penalties = { repetitionPenalty: 1.3, presencePenalty: 0.4, frequencyPenalty: 0.7 };
  const filters = {
    ...{ topNSigma: 3, topK: 600, topP: 0.99, minP: 0.001, typicalP: 0.98, topA: 0.01, topH: 0.9 },
    ...{ epsilonCutoff: 1e-6, etaCutoff: 1e-5, xtc: { probability: 0.5, threshold: 0.05 } },
  };
  return {
    nothing: {},
    greedy: { temperature: 0 },
    cold: { temperature: 0.01 },
    hot: { temperature: 1.7 },
    even: { temperature: Infinity, topK: 700 },
    dynamicTemperature: { temperature: 1.1, dynamicTemperature: { range: 0.6, exponent: 1.4 } },
    topK: { topK: 40 },
    'topK beyond few': { topK: 600, temperature: 0.9 },
    topP: { topP: 0.9 },
    'topP of many': { topP: 0.9999, temperature: 2 },
    minP: { minP: 0.05 },
    typicalP: { typicalP: 0.7 },
    'typicalP of many': { typicalP: 0.999, temperature: 2 },
    epsilonCutoff: { epsilonCutoff: 1e-4 },
    etaCutoff: { etaCutoff: 1e-3 },
    topA: { topA: 0.2 },
    topH: { topH: 0.5 },
    topNSigma: { topNSigma: 1.5 },
    xtc: { xtc: { probability: 0.7, threshold: 0.001 } },
    'mirostat 1': { mirostat: { version: 1, tau: 4, eta: 0.3 } },
    'mirostat 2': { mirostat: { version: 2, tau: 4, eta: 0.3 } },
    minTokensToKeep: { topP: 0.1, minTokensToKeep: 700 },
    penalties,
    penaltyWindow: { ...penalties, penaltyWindow: 2 },
    logitBias: { logitBias: { [a]: 2.5, [b]: -3, [c]: -Infinity } },
    dry: { dry },
    noRepeatNgram: { noRepeatNgramSize: 3 },
    badWords: { badWords: [[a], [c, d]] },
    bannedTokens: { bannedTokens: spread(vocabulary, 20, 0) },
    allowedTokens: { allowedTokens: spread(vocabulary, 20, 2), temperature: 1.2 },
    minNewTokens: { endTokens: [a, b], minNewTokens: 2 },
    constraint: { constraint: everyThird() },
    'temperature-first': { ...filters, ...penalties, dry, temperature: 0.8 },
    'temperature-last': { ...filters, ...penalties, temperature: 1.3, order: 'temperature-last' },
    'an order of its own': {
      ...{ minP: 0.02, topK: 300, temperature: 1.5, ...penalties, seed: -(2 ** 50) },
      order: ['penalties', 'minP', 'temperature', 'topK'],
    },
  };
}
