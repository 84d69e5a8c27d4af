// Whether sampler and reference agree on random rows, wherever rounding has no say.
import fc from 'fast-check';
import { Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between } from '../sampling/logits.ts';
import { draw, reference } from './reference.ts';

/** Decisions nearer than this may go either way. */
const NEAR = 1e-6;

const rows = fc
  .array(
    fc.oneof(
      { arbitrary: between(-12, 12), weight: 6 },
      { arbitrary: fc.integer({ min: -3, max: 3 }), weight: 3 },
      { arbitrary: fc.constant(-Infinity), weight: 1 },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .filter((values) => values.some((value) => value > -Infinity))
  .map((values) => Float32Array.from(values));

/** Rows of a real vocabulary's kind: many tokens, of several shapes, with ties and bans. */
const largeRows = fc
  .record({
    size: fc.integer({ min: 600, max: 6000 }),
    seed: fc.nat(),
    scale: fc.constantFrom(0.01, 1, 4, 15),
    grain: fc.constantFrom(0, 0.5, 4),
    banned: fc.constantFrom(0, 0.1, 0.995),
  })
  .map(({ size, seed, scale, grain, banned }) =>
    Float32Array.from({ length: size }, (_, id) => {
      if (id > 0 && uniform(seed, 1, id) < banned) return -Infinity;
      const z = scale * Math.log(uniform(seed, 0, id) + 1e-9);
      return grain === 0 ? z : Math.round(z / grain) * grain;
    }),
  );

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const common = {
  temperature: maybe(fc.oneof(between(0.05, 3), fc.constantFrom(0, 1e-3, Infinity))),
  minTokensToKeep: maybe(fc.integer({ min: 1, max: 5 })),
  repetitionPenalty: maybe(between(0.5, 2)),
  presencePenalty: maybe(between(-2, 2)),
  frequencyPenalty: maybe(between(-2, 2)),
  penaltyWindow: maybe(fc.integer({ min: -1, max: 12 })),
  logitBias: maybe(fc.dictionary(fc.constantFrom('0', '1', '2'), between(-5, 5))),
  order: fc.constantFrom('temperature-first' as const, 'temperature-last' as const),
  seed: fc.integer(),
};
const truncations = {
  topK: maybe(fc.integer({ min: 0, max: 60 })),
  topP: maybe(between(0, 1)),
  minP: maybe(between(0, 1)),
};

function expectAgreement(logits: Float32Array, options: SamplingOptions, history: number[]) {
  const sampler = new Sampler(options);
  const step = history.length;
  const xtcUniform = uniform(sampler.seed, 1, step);
  const expected = reference(logits, sampler.options, { history, step, xtcUniform });
  if (expected.margin <= NEAR) return;
  const actual = sampler.inspect(logits, { history, step, top: logits.length });
  const kept = actual.candidates.filter(({ cutBy }) => cutBy === undefined);
  expect(kept.map(({ token }) => token).sort((a, b) => a - b)).toEqual(expected.kept);
  // Asserted once for all tokens: there are too many for one by one.
  const cutBy: (string | undefined)[] = new Array(logits.length).fill(undefined);
  let rawError = 0;
  let shapedError = 0;
  for (const { token, raw, shaped, cutBy: cutter } of actual.candidates) {
    cutBy[token] = cutter;
    rawError = Math.max(rawError, Math.abs(raw - expected.raw[token]));
    shapedError = Math.max(shapedError, Math.abs(shaped - expected.probabilities[token]));
  }
  expect(cutBy).toEqual(expected.cutBy);
  expect(rawError).toBeLessThan(1e-6);
  // A weight e^x at x = −z/τ has z's accuracy over τ.
  expect(shapedError).toBeLessThan(1e-6 * Math.max(1, 1 / (options.temperature || 1)));
  expect(actual.cuts.map(({ name, tokens }) => ({ name, tokens }))).toEqual(
    expected.cuts.map(({ name, tokens }) => ({ name, tokens })),
  );
  for (const [i, { mass }] of actual.cuts.entries())
    expect(mass).toBeCloseTo(expected.cuts[i].mass, 5);
  expect(actual.keptMass).toBeCloseTo(expected.keptMass, 5);
  expect(actual.entropy).toBeCloseTo(expected.entropy, 4);
  expect(actual.rawEntropy).toBeCloseTo(expected.rawEntropy, 4);
  const { token, margin } = draw(expected, uniform(sampler.seed, 0, step));
  if (margin > NEAR) expect(sampler.sample(logits, { history, step }).token).toBe(token);
}

const family = {
  topNSigma: maybe(between(0.1, 4)),
  typicalP: maybe(between(0.05, 1)),
  epsilonCutoff: maybe(between(0, 0.3)),
  etaCutoff: maybe(between(0, 0.9)),
  topA: maybe(between(0.01, 3)),
  topH: maybe(between(0.05, 1.2)),
  xtc: maybe(fc.record({ probability: between(0, 1), threshold: between(0.01, 0.5) })),
};
const mirostat = fc.record({
  version: fc.constantFrom(1 as const, 2 as const),
  tau: between(0, 6),
  eta: between(0, 1),
});
/** Ids up to 4 are biased, banned and repeated; the rest stay free. */
const laterEdits = {
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

describe('the sampler agrees with the reference', () => {
  const histories = fc.array(fc.nat(4), { maxLength: 20 });
  const agree = <T extends SamplingOptions>(options: fc.Arbitrary<T>, from = rows, numRuns = 500) =>
    fc.assert(
      fc.property(from, options, histories, (logits, options, history) => {
        fc.pre(logits.subarray(5).some((z) => z > -Infinity));
        fc.pre(options.temperature !== Infinity || options.dynamicTemperature === undefined);
        expectAgreement(logits, options, history);
      }),
      { numRuns },
    );

  it('on edits, temperature, top-k, top-p and min-p', () => {
    agree(fc.record({ ...common, ...truncations }));
  });

  it.each(Object.keys(family) as (keyof typeof family)[])('on %s alone', (name) => {
    agree(fc.record({ ...common, [name]: family[name] }) as fc.Arbitrary<SamplingOptions>);
  });

  it('on the whole family at once', () => {
    agree(fc.record({ ...common, ...laterEdits, ...truncations, ...family }));
  });

  it('on mirostat', () => {
    agree(fc.record({ ...common, ...laterEdits, mirostat }));
  });

  const everyFilter = { ...truncations, ...family };
  it.each(Object.keys(everyFilter) as (keyof typeof everyFilter)[])(
    'on %s alone, on large rows',
    (name) => {
      const options = fc.record({ ...common, [name]: everyFilter[name] });
      agree(options as fc.Arbitrary<SamplingOptions>, largeRows, 40);
    },
  );

  it('on the whole family at once and on mirostat, on large rows', () => {
    agree(fc.record({ ...common, ...laterEdits, ...everyFilter }), largeRows, 60);
    agree(fc.record({ ...common, ...laterEdits, mirostat }), largeRows, 60);
  });
});
