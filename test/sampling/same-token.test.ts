// One row and one step give one token, whatever was asked beside it, wherever the row lies, and
// whoever else samples. And a row stays as it was.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { acting } from './acting.ts';
import { between } from './logits.ts';

/** Logits by shape, from a uniform number and another one. */
const shapes: Record<string, (u: number, v: number) => number> = {
  peaked: (u) => 12 * u ** 3 - 4,
  flat: (u) => 0.01 * u,
  tied: (u) => Math.floor(6 * u),
  equal: () => -7.5,
  tiny: (u, v) => (v < 0.5 ? -1 : 1) * (u < 0.3 ? 0 : Math.floor(8 * u) * 2 ** -149),
  huge: (u, v) => (v < 0.5 ? -1 : 1) * 3.4028234663852886e38 * (v < 0.1 ? 1 : u),
  masked: (u, v) => (v < 0.97 ? -Infinity : 5 * u),
  'one among many': (u, v) => (v < 0.999 ? -12 - u : 9),
};
const rows = (sizes: fc.Arbitrary<number>) =>
  fc
    .record({ size: sizes, shape: fc.constantFrom(...Object.keys(shapes)), seed: fc.nat() })
    .map(({ size, shape, seed }) =>
      Float32Array.from({ length: size }, (_, id) =>
        // One token at least is there to be drawn.
        id === seed % size ? 0.5 : shapes[shape](uniform(seed, 0, id), uniform(seed, 1, id)),
      ),
    );

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });
const common = {
  temperature: maybe(fc.oneof(between(0.05, 3), fc.constantFrom(0, 1e-3, Infinity))),
  minTokensToKeep: maybe(fc.constantFrom(1, 5, 600)),
  repetitionPenalty: maybe(between(0.5, 2)),
  presencePenalty: maybe(between(-2, 2)),
  logitBias: maybe(fc.constant({ 0: 2 })),
  order: fc.constantFrom('temperature-first' as const, 'temperature-last' as const),
  seed: fc.integer(),
};
const options: fc.Arbitrary<SamplingOptions> = fc
  .oneof(
    fc.record({
      ...common,
      topK: maybe(fc.constantFrom(1, 40, 512, 513, 3000)),
      topP: maybe(fc.oneof(between(0, 1), fc.constantFrom(0.99, 0.9999))),
      minP: maybe(between(0, 0.2)),
    }),
    fc.record({ ...common, typicalP: maybe(between(0.05, 1)), topH: maybe(between(0.05, 1)) }),
    fc.record({
      ...common,
      topNSigma: maybe(between(0.1, 4)),
      epsilonCutoff: maybe(between(0, 0.01)),
      etaCutoff: maybe(between(0, 0.1)),
      topA: maybe(between(0.01, 1)),
      xtc: maybe(fc.record({ probability: between(0, 1), threshold: between(0.001, 0.5) })),
    }),
    fc.record({
      ...common,
      mirostat: fc.record({ version: fc.constantFrom(1 as const, 2 as const), tau: between(0, 9) }),
    }),
  )
  .map(acting);

/** A copy of the bytes; buffers are compared at once, arrays one element after the other. */
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(Buffer.from(buffer, byteOffset, byteLength));
const expectBytes = (actual: ArrayBufferView, expected: Buffer) =>
  expect(bytesOf(actual).equals(expected)).toBe(true);
/** The same logits at another place in a longer array. */
function within(row: Float32Array, offset: number, buffer: ArrayBufferLike): Float32Array {
  const view = new Float32Array(buffer, 4 * offset, row.length);
  view.set(row);
  return view;
}
const room = (row: Float32Array, offset: number) => 4 * (row.length + offset + 3);

/** Asks a sampler for a step in every way; all must agree to the last bit. */
function ask(sampler: Sampler, row: Float32Array, step: number, first: number) {
  const ways = [
    () => sampler.sampleToken(row, { step }),
    () => sampler.sample(row, { step }),
    () => sampler.sample(row, { step, top: 20 }),
    () => sampler.probabilities(row, { step }),
    () => sampler.inspect(row, { step }),
    () => sampler.inspect(row, { step, edges: true }),
    () => sampler.candidate(row, step % row.length, { step }),
  ];
  // What an engine did for the row before must not show: each way comes first at times.
  const answers = ways.map(() => undefined as unknown);
  for (let i = 0; i < ways.length; i++) {
    const way = (first + i) % ways.length;
    answers[way] = ways[way]();
  }
  const [token, sample, described, probabilities, seen, more, chance] = answers as [
    number,
    ReturnType<Sampler['sample']>,
    ReturnType<Sampler['sample']>,
    Float64Array,
    ReturnType<Sampler['inspect']>,
    ReturnType<Sampler['inspect']>,
    ReturnType<Sampler['candidate']>,
  ];
  const { distribution, ...rest } = described;
  expect(sample.token).toBe(token);
  expect(rest).toEqual(sample);
  expect(distribution).toEqual(seen);
  const { edges, temperature, ...same } = more;
  expect(same).toEqual(seen);
  expect(chance.shaped).toBe(probabilities[chance.token]);
  expect(chance.temperature).toBe(temperature);
  expect(probabilities[token]).toBeGreaterThan(0);
  return { sample, seen, edges, chance, probabilities: bytesOf(probabilities).toString('latin1') };
}

const places = (row: Float32Array, offset: number) => ({
  'inside another array': within(row, offset, new ArrayBuffer(room(row, offset))),
  // Where a sampler's own row begins in its memory.
  'where the own row would lie': within(row, 32, new ArrayBuffer(room(row, 32))),
  'in shared memory': within(row, offset, new SharedArrayBuffer(room(row, offset))),
  'from another realm': runInNewContext('new Float32Array(row)', { row }) as Float32Array,
});

function expectOneToken(row: Float32Array, options: SamplingOptions, step: number, n: number) {
  const bytes = bytesOf(row);
  const other = row.slice().reverse();
  const history = [n % row.length, 0, n % row.length];
  const make = (vocabulary?: number) => {
    const sampler = new Sampler(options, vocabulary);
    sampler.reset(history);
    return sampler;
  };
  const [shared, own] = [make(), make(row.length)];
  expect(own.row.byteOffset).toBe(4 * 32);
  const expected = ask(shared, row, step, n);
  expectBytes(row, bytes);
  const { token, rank } = expected.sample;
  const isBefore = (z: number, id: number) => z > row[token] || (z === row[token] && id < token);
  expect(rank).toBe(1 + row.filter(isBefore).length);

  for (const [place, view] of Object.entries(places(row, 1 + (n % 7)))) {
    const around = bytesOf(new Uint8Array(view.buffer));
    // Another row in between, so that nothing is there already.
    for (const sampler of [shared, own]) sampler.sampleToken(other, { step });
    expect(ask(shared, view, step, n + 1), place).toEqual(expected);
    expect(ask(own, view, step, n + 2), place).toEqual(expected);
    expectBytes(new Uint8Array(view.buffer), around);
  }
  own.row.set(row);
  expect(ask(own, own.row, step, n + 3)).toEqual(expected);
  expectBytes(own.row, bytes);
  // The state went along: what is accepted is the same.
  expect(own.sampleToken(own.row)).toBe(shared.sample(row, { top: 20 }).token);
  expect(own.sample(row)).toEqual(shared.sample(row));
}

describe('for any row and options the token is the same', () => {
  const steps = fc.nat(1e6);
  it.each<[string, fc.Arbitrary<number>, number]>([
    ['few tokens', fc.integer({ min: 1, max: 80 }), 200],
    ['about as many as are listed', fc.integer({ min: 505, max: 720 }), 150],
    ['about as many as change the block', fc.integer({ min: 8120, max: 8264 }), 40],
    ['50,257 tokens', fc.constant(50_257), 12],
  ])('of %s', (_name, sizes, numRuns) => {
    fc.assert(fc.property(rows(sizes), options, steps, fc.nat(1000), expectOneToken), { numRuns });
  });
});

describe('a row in the sampler itself', () => {
  /** The pieces of a row in some order: each a place and a length. */
  const pieces = (size: number, seed: number) => {
    const cuts = Array.from({ length: 12 }, (_, i) => Math.floor(size * uniform(seed, 2, i)));
    const bounds = [...new Set([0, ...cuts, size])].sort((a, b) => a - b);
    return bounds
      .slice(1)
      .map((to, i) => [bounds[i], to] as const)
      .sort(([a], [b]) => uniform(seed, 3, a) - uniform(seed, 3, b));
  };

  it('may be written in pieces, in any order, while others sample', () => {
    const sizes = fc.constantFrom(1, 5, 63, 513, 700, 8200);
    fc.assert(
      fc.property(rows(sizes), rows(sizes), options, fc.nat(), (row, other, options, seed) => {
        const [sampler, neighbour] = [row, other].map(({ length }) => new Sampler(options, length));
        const expected = new Sampler(options).sample(row, { top: 20 });
        sampler.row.fill(Number.NaN);
        for (const [from, to] of pieces(row.length, seed)) {
          sampler.row.set(row.subarray(from, to), from);
          neighbour.row.set(other);
          neighbour.sample(neighbour.row, { top: 3 });
          new Sampler(options).sampleToken(other);
          if (row.length === other.length) new Sampler(options, row.length).sampleToken(other);
        }
        expect(sampler.sample(sampler.row, { top: 20 })).toEqual(expected);
        expectBytes(sampler.row, bytesOf(row));
      }),
      { numRuns: 200 },
    );
  });

  it('stays half written while the sampler is asked about another row', () => {
    for (const size of [4, 700]) {
      const sampler = new Sampler({ temperature: 0 }, size);
      const other = Float32Array.from({ length: size }, (_, id) => -id);
      sampler.row.fill(0).fill(2, 0, 2);
      sampler.probabilities(other);
      sampler.inspect(other);
      sampler.sample(other, { step: 0 });
      expect(sampler.sampleToken(other)).toBe(0);
      sampler.row[2] = 3;
      expect([...sampler.row.subarray(0, 4)]).toEqual([2, 2, 3, 0]);
      expect(sampler.sampleToken(sampler.row)).toBe(2);
    }
  });

  it('is its own: not its fork’s, nor that of another as large', () => {
    const sampler = new Sampler({ temperature: 0 }, 4);
    sampler.row.set([0, 1, 2, 3]);
    const fork = sampler.fork();
    fork.row.set([3, 2, 1, 0]);
    new Sampler({}, 4).row.fill(9);
    expect([...sampler.row]).toEqual([0, 1, 2, 3]);
    expect([sampler.sampleToken(sampler.row), fork.sampleToken(fork.row)]).toEqual([3, 0]);
  });
});

describe('many samplers at once', () => {
  it('give what each gives alone', () => {
    const sizes = [1, 7, 64, 512, 513, 1024, 1025, 2000, 8192, 8193, 50_257];
    const logits = (size: number, n: number) =>
      Float32Array.from({ length: size }, (_, id) => shapes.peaked(uniform(n, 4, id), 0));
    const settings: SamplingOptions[] = [
      { topP: 0.95, frequencyPenalty: 0.5 },
      { typicalP: 0.9, temperature: 1.4 },
      { mirostat: { version: 1 } },
      { dynamicTemperature: { range: 0.5 }, minP: 0.001 },
    ];
    const lives = sizes.flatMap((size, i) =>
      settings.map((options, j) => {
        const rows = [0, 1, 2].map((n) => logits(size, n));
        const make = () => new Sampler({ ...options, seed: i }, j % 2 ? size : undefined);
        const turn = (sampler: Sampler, n: number) =>
          n % 3 === 0
            ? sampler.sampleToken(rows[n % 3])
            : sampler.sample(rows[n % 3], n % 2 ? { top: 20 } : {});
        return { make, turn };
      }),
    );
    const TURNS = 9;
    const alone = lives.map(({ make, turn }) => {
      const sampler = make();
      return Array.from({ length: TURNS }, (_, n) => turn(sampler, n));
    });
    const together = lives.map(({ make, turn }) => ({
      sampler: make(),
      turn,
      seen: [] as unknown[],
    }));
    for (let at = 0, left = TURNS * lives.length; left > 0; at++) {
      const life = together[Math.floor(lives.length * uniform(0, 5, at))];
      if (life.seen.length === TURNS) continue;
      life.seen.push(life.turn(life.sampler, life.seen.length));
      left--;
    }
    expect(together.map(({ seen }) => seen)).toEqual(alone);
  });
});
