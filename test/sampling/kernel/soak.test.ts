// Whether the sampler agrees with the Float64 reference, and the kernel with its twin, on rows of
// every kind: some tens of thousands in each run, then more for SOAK_SECONDS. A soak that fails
// names its seed: as SOAK_SEED the next soak begins with it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, padded } from '../../../src/sampling/kernel/memory.ts';
import { expectAgreement } from '../../reference/agreement.ts';
import { histories } from '../../reference/chains.ts';
import { every } from './every-pass.ts';
import { type Task, tasks } from './options.ts';
import { huge, large, middling, plans, rowOf, small } from './rows.ts';
import { twinsFor } from './twins.ts';

const { CI, SOAK_SECONDS = CI ? 60 : 3, SOAK_SEED = 1 } = process.env;
const everySize = fc.oneof(
  { arbitrary: small, weight: 40 },
  { arbitrary: middling, weight: 40 },
  { arbitrary: large, weight: 8 },
  { arbitrary: huge, weight: 1 },
);

/**
 * Whether a row of many tokens needs numbers Float32 does not have: differences of more than 3.4e38
 * that count at so high a temperature, or factors above that.
 */
const isBeyondFloat32 = ({ plan: { shape, size }, options: { temperature = 1 } }: Task) =>
  size > 512 &&
  ((temperature > 0 && temperature < 1e-38) ||
    (temperature > 1e30 && (shape === 'wide' || shape === 'extreme')));

/** @param compared counts the tasks without an edge so near that rounding decides */
const agreement = (sizes: fc.Arbitrary<number>, compared = { count: 0 }) =>
  fc.property(tasks(sizes), histories, (task, tokens) => {
    fc.pre(!isBeyondFloat32(task));
    const row = rowOf(task.plan);
    // The first five may all be edited away.
    fc.pre(row.length <= 5 || row.subarray(5).some((z) => z > -Infinity));
    if (expectAgreement(row, task.options, row.length > 5 ? tokens : [])) compared.count++;
  });

describe('the sampler is within 1e-6 of the reference', () => {
  it.each([
    ['small', small, 20_000],
    ['middling', middling, 1500],
    ['large', large, 120],
    ['huge', huge, 5],
  ] as const)('on %s rows', (_name, sizes, numRuns) => {
    const compared = { count: 0 };
    fc.assert(agreement(sizes, compared), { numRuns });
    expect(compared.count).toBeGreaterThan(0.7 * numRuns);
  });

  it(`for ${SOAK_SECONDS} s, as the kernel is its twin`, { timeout: 3_600_000 }, () => {
    const deadline = Date.now() + 1000 * Number(SOAK_SECONDS);
    const twins = fc.property(plans(everySize), (plan) => {
      every(twinsFor(plan.size), plan, blockOf(padded(plan.size)));
    });
    const agree = agreement(everySize);
    let seed = Number(SOAK_SEED);
    for (; Date.now() < deadline; seed++) {
      fc.assert(agree, { seed, numRuns: 20 });
      fc.assert(twins, { seed, numRuns: 20 });
    }
    expect(seed).toBeGreaterThan(Number(SOAK_SEED));
  });
});
