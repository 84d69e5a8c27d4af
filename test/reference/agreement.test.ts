// Whether sampler and reference agree on random rows, wherever rounding has no say.
import fc from 'fast-check';
import { type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, it } from 'vitest';
import { acting } from '../sampling/acting.ts';
import { between } from '../sampling/logits.ts';
import { expectAgreement } from './agreement.ts';
import { common, family, histories, laterEdits, mirostat, truncations } from './chains.ts';

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

describe('the sampler agrees with the reference', () => {
  const agree = <T extends SamplingOptions>(options: fc.Arbitrary<T>, from = rows, numRuns = 500) =>
    fc.assert(
      fc.property(from, options, histories, (logits, options, history) => {
        fc.pre(logits.subarray(5).some((z) => z > -Infinity));
        fc.pre(options.temperature !== Infinity || options.dynamicTemperature === undefined);
        expectAgreement(logits, acting(options), history);
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

  it('on typicalP where nearly all tokens are as typical', () => {
    const options = fc.record({
      temperature: fc.constantFrom(20, 1e4, Infinity),
      typicalP: between(0.05, 0.95),
      minTokensToKeep: fc.constantFrom(1, 700),
    });
    agree(options, largeRows, 40);
  });

  it('on the whole family at once and on mirostat, on large rows', () => {
    agree(fc.record({ ...common, ...laterEdits, ...everyFilter }), largeRows, 60);
    agree(fc.record({ ...common, ...laterEdits, mirostat }), largeRows, 60);
  });
});
