import { Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { expect } from 'vitest';
import { draw, type ReferenceRow, reference } from './reference.ts';

/** Decisions nearer than this may go either way, and probabilities differ by less. */
const NEAR = 1e-6;
/** Tokens of longer rows are not all listed, as that takes longer than the row's every other use. */
const LISTED = 4096;
/** Float64 has fewer digits for what is less likely, and in the end none. */
const UNLIKELY = 1e-290;

/**
 * Asserts that a sampler makes of a row what the reference makes of it, wherever rounding has no
 * say: every probability, what is kept and who cut the rest, the token.
 *
 * @returns whether the kept set was compared; not where its edge was too near
 */
export function expectAgreement(
  logits: Float32Array,
  options: SamplingOptions,
  history: readonly number[] = [],
): boolean {
  const sampler = new Sampler(options);
  const step = history.length;
  const xtcUniform = uniform(sampler.seed, 1, step);
  const expected = reference(logits, sampler.options, { history, step, xtcUniform });
  if (expected.margin <= NEAR) return false;
  expectProbabilities(sampler.probabilities(logits, { history, step }), expected);
  expectDescription(sampler, logits, history, expected);
  const { token, margin } = draw(expected, uniform(sampler.seed, 0, step));
  if (margin > NEAR) {
    expect(sampler.sampleToken(logits, { history, step })).toBe(token);
    expect(sampler.sample(logits, { history, step }).token).toBe(token);
  }
  return true;
}

function expectProbabilities(actual: Float64Array, expected: ReferenceRow) {
  const kept = new Uint8Array(actual.length);
  for (const id of expected.kept) kept[id] = 1;
  let error = 0;
  let sum = 0;
  // Asserted once for all tokens: there are too many for one by one.
  const wrong: number[] = [];
  for (const [id, p] of actual.entries()) {
    sum += p;
    error = Math.max(error, Math.abs(p - expected.probabilities[id]));
    const isKept = kept[id] === 1;
    if (p > 0 !== isKept && !(isKept && expected.probabilities[id] < UNLIKELY)) wrong.push(id);
  }
  expect(wrong.slice(0, 10), 'kept by one alone').toEqual([]);
  expect(error, 'error of a probability').toBeLessThan(NEAR);
  expect(Math.abs(sum - 1), 'error of their sum').toBeLessThan(NEAR);
}

function expectDescription(
  sampler: Sampler,
  logits: Float32Array,
  history: readonly number[],
  expected: ReferenceRow,
) {
  const top = Math.min(logits.length, LISTED);
  const actual = sampler.inspect(logits, { history, step: history.length, top });
  const wrong: unknown[] = [];
  let error = 0;
  let kept = 0;
  for (const { token, raw, shaped, cutBy: cutter } of actual.candidates) {
    if (cutter === undefined) kept++;
    if (cutter !== expected.cutBy[token]) wrong.push([token, cutter, expected.cutBy[token]]);
    error = Math.max(error, Math.abs(raw - expected.raw[token]));
    error = Math.max(error, Math.abs(shaped - expected.probabilities[token]));
  }
  expect(wrong.slice(0, 10), 'cut by another').toEqual([]);
  expect(error, 'error of a listed probability').toBeLessThan(NEAR);
  expect(actual.kept).toBe(expected.kept.length);
  if (top === logits.length) expect(kept).toBe(actual.kept);
  expect(actual.cuts.map(({ name, tokens }) => ({ name, tokens }))).toEqual(
    expected.cuts.map(({ name, tokens }) => ({ name, tokens })),
  );
  for (const [i, { mass }] of actual.cuts.entries())
    expect(mass).toBeCloseTo(expected.cuts[i].mass, 5);
  expect(actual.keptMass).toBeCloseTo(expected.keptMass, 5);
  expect(actual.entropy).toBeCloseTo(expected.entropy, 4);
  expect(actual.rawEntropy).toBeCloseTo(expected.rawEntropy, 4);
}
