// The law of the draw where the vocabulary is too large to list: while more than 512 tokens are
// left the kernel draws in place, and at 512 the rest are listed.
import { log, Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { reference } from '../reference/reference.ts';
import { chiSquare, criticalValue } from './chi-square.ts';

const LISTED = 512;
const VOCABULARY = 700;
const MASKED = 16;
const DRAWS = 200_000;
/** Where a step takes tens of microseconds. */
const SLOW_DRAWS = 60_000;
/** A long tail, no two logits alike, and a whole block of tokens that the model excludes. */
const logits = Float32Array.from({ length: VOCABULARY }, (_, id) =>
  id >= 32 && id < 32 + MASKED ? -Infinity : -0.7 * log(1 + ((id * 37) % VOCABULARY)),
);
const history = [0, 1, 1, 3, 5, 8, 0, 1, 1, 600, 629];

/**
 * The law of many steps: with its chance XTC acts on a step, and otherwise it stands back. That its
 * luck is not the draw's own is part of the law.
 */
function law(options: SamplingOptions): Float64Array {
  const { options: effective } = new Sampler(options);
  const expected = (xtcUniform: number) => {
    const at = { history, step: 0, xtcUniform };
    const { probabilities, margin } = reference(logits, effective, at);
    // No decision hangs on how something was rounded.
    expect(margin).toBeGreaterThan(1e-5);
    return probabilities;
  };
  const [acting, idle] = [expected(0), expected(1)];
  const chance = options.xtc?.probability ?? 1;
  expect(options.xtc !== undefined).toBe(acting.some((p, id) => p !== idle[id]));
  return acting.map((p, id) => chance * p + (1 - chance) * idle[id]);
}

function expectLaw(options: SamplingOptions, draws: number): void {
  const sampler = new Sampler({ ...options, seed: 20_241 });
  sampler.reset(history);
  const counts = new Float64Array(VOCABULARY);
  for (let step = 0; step < draws; step++) counts[sampler.sampleToken(logits, { step })]++;

  const expected = law(options);
  expect([...counts.keys()].filter((id) => expected[id] === 0 && counts[id] > 0)).toEqual([]);
  const { statistic, degreesOfFreedom } = chiSquare(counts, expected);
  expect(degreesOfFreedom).toBeGreaterThan(2);
  expect(statistic).toBeLessThan(criticalValue(degreesOfFreedom));
}

const kept = (options: SamplingOptions) =>
  new Sampler(options).inspect(logits, { history, step: 0 }).kept;

const chain: SamplingOptions = {
  temperature: 1.3,
  topK: 400,
  topP: 0.9,
  minP: 0.02,
  repetitionPenalty: 1.2,
  frequencyPenalty: 0.1,
  xtc: { probability: 0.3, threshold: 0.004 },
};

/** By stage, options that leave more tokens than are listed, and options that do not. */
const cases: [string, SamplingOptions, SamplingOptions, number?][] = [
  ['temperature', { temperature: 0.8 }, { temperature: 1.6, topK: 300 }],
  ['temperature Infinity', { temperature: Infinity }, { temperature: Infinity, topK: 512 }],
  [
    'dynamicTemperature',
    { dynamicTemperature: { range: 0.4, exponent: 2 } },
    { temperature: 1.4, dynamicTemperature: { range: 0.7 }, topK: 512 },
  ],
  ['topK', { topK: 555 }, { topK: 444 }],
  ['topP', { topP: 0.95 }, { topP: 0.8 }],
  ['minP', { minP: 0.012 }, { minP: 0.03 }],
  ['typicalP', { typicalP: 0.85 }, { typicalP: 0.6 }],
  ['topNSigma', { topNSigma: 6.5 }, { topNSigma: 5 }],
  ['epsilonCutoff', { epsilonCutoff: 5.5e-4 }, { epsilonCutoff: 0.001 }],
  ['etaCutoff', { etaCutoff: 0.05 }, { etaCutoff: 0.2 }],
  ['topA', { topA: 0.2 }, { topA: 1 }],
  ['topH', { topH: 0.95 }, { topH: 0.7 }, SLOW_DRAWS],
  [
    'xtc',
    { xtc: { probability: 0.4, threshold: 0.004 } },
    { xtc: { probability: 0.4, threshold: 0.07 }, topK: 20 },
  ],
  ['mirostat 1', { mirostat: { version: 1, tau: 5.8 } }, { mirostat: { version: 1, tau: 4 } }],
  ['mirostat 2', { mirostat: { version: 2, tau: 5.4 } }, { mirostat: { version: 2, tau: 5 } }],
  [
    'penalties',
    { repetitionPenalty: 1.4, presencePenalty: 0.3, frequencyPenalty: 0.2, penaltyWindow: 8 },
    { repetitionPenalty: 0.7, presencePenalty: -0.3, frequencyPenalty: 0.2, topK: 100 },
  ],
  [
    'bans and biases',
    {
      logitBias: { 2: 3, 3: -Infinity, 699: 2 },
      bannedTokens: [0, 16, 17, 18],
      badWords: [[629, 4]],
      noRepeatNgramSize: 1,
      dry: { multiplier: 0.5, base: 1.5, allowedLength: 1 },
      endTokens: [37],
      minNewTokens: DRAWS,
    },
    { allowedTokens: Array.from({ length: 200 }, (_, i) => 3 * i), dry: { multiplier: 0.5 } },
  ],
  [
    'a whole chain, temperature first',
    { ...chain, topK: 600, topP: 0.98, minP: 0.001 },
    chain,
    SLOW_DRAWS,
  ],
  [
    'a whole chain, temperature last',
    { ...chain, topK: 600, topP: 0.98, minP: 0.001, order: 'temperature-last' },
    { ...chain, order: 'temperature-last' },
    SLOW_DRAWS,
  ],
];

describe.each(cases)('draws follow the law of %s', (_name, wide, narrow, draws = DRAWS) => {
  it('in place', () => {
    expect(kept(wide)).toBeGreaterThan(LISTED);
    expectLaw(wide, draws);
  });

  it('listed', () => {
    expect(kept(narrow)).toBeLessThanOrEqual(LISTED);
    expectLaw(narrow, DRAWS / 20);
  });
});

it('the test notices a law that is 2 % off', () => {
  const sampler = new Sampler({ temperature: 0.98, seed: 20_241 });
  const counts = new Float64Array(VOCABULARY);
  for (let step = 0; step < DRAWS; step++) counts[sampler.sampleToken(logits, { step })]++;
  const { statistic, degreesOfFreedom } = chiSquare(counts, law({}));
  expect(statistic).toBeGreaterThan(criticalValue(degreesOfFreedom));
});
