// Rows that no model should make, and what a sampler that has met one does next: the same as if it
// had not.
import fc from 'fast-check';
import { Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';

/** Everything a sampler remembers has a say in the next token. */
const stateful: SamplingOptions = {
  repetitionPenalty: 1.2,
  frequencyPenalty: 0.3,
  penaltyWindow: 5,
  dry: { multiplier: 0.5, allowedLength: 1, sequenceBreakers: [1] },
  noRepeatNgramSize: 6,
  mirostat: { version: 2, tau: 2, eta: 0.5 },
  seed: 11,
};
const filters: SamplingOptions = { topK: 600, topP: 0.9, temperature: 0.8, seed: 12 };

const LARGEST = 50_257;
const noise = Float32Array.from({ length: LARGEST + 500 }, (_, i) => 6 * uniform(5, 0, i) ** 3);
/** A row to draw from: another one for every n below 50. */
const good = (size: number, n: number) => noise.slice(10 * n, 10 * n + size);
const changed = (size: number, change: (row: Float32Array) => void) => {
  const row = good(size, 9);
  change(row);
  return row;
};
const put = (at: number, value: number) => (size: number) =>
  changed(size, (row) => row.set([value], at < 0 ? size + at : at));
const detached = (row: Float32Array) => {
  structuredClone(row, { transfer: [row.buffer as ArrayBuffer] });
  return row;
};
/** A NaN that is not the usual one. */
const oddNaN = (bits: number) => (size: number) =>
  changed(size, (row) => new Uint32Array(row.buffer).fill(bits, size - 1));

type Bad = [string, (size: number) => unknown, (size: number) => string];
const bad: Bad[] = [
  ['NaN first', put(0, Number.NaN), (size) => `got NaN at index 0 of ${size}`],
  ['NaN second', put(1, Number.NaN), (size) => `got NaN at index 1 of ${size}`],
  ['NaN last', put(-1, Number.NaN), (size) => `got NaN at index ${size - 1} of ${size}`],
  ['a negative NaN', oddNaN(0xffc00000), (size) => `got NaN at index ${size - 1} of ${size}`],
  ['a signalling NaN', oddNaN(0x7f800001), (size) => `got NaN at index ${size - 1} of ${size}`],
  ['Infinity first', put(0, Infinity), (size) => `got Infinity at index 0 of ${size}`],
  ['Infinity last', put(-1, Infinity), (size) => `got Infinity at index ${size - 1} of ${size}`],
  [
    'NaN before Infinity',
    (size) => changed(size, (row) => row.fill(Infinity).fill(Number.NaN, 0, 2)),
    (size) => `got NaN at index 0 of ${size}`,
  ],
  [
    'Infinity before NaN',
    (size) => changed(size, (row) => row.fill(Number.NaN).fill(Infinity, 0, 2)),
    (size) => `got Infinity at index 0 of ${size}`,
  ],
  [
    'NaN among -Infinity',
    (size) => changed(size, (row) => row.fill(-Infinity).fill(Number.NaN, size >> 1)),
    (size) => `got NaN at index ${size >> 1} of ${size}`,
  ],
  [
    'only -Infinity',
    (size) => new Float32Array(size).fill(-Infinity),
    (size) => `all ${size} logits are -Infinity`,
  ],
  ['an empty row', () => new Float32Array(0), () => 'must not be empty'],
  ['a detached row', (size) => detached(good(size, 9)), () => 'nor their buffer detached'],
  ['an array', (size) => Array.from(good(size, 9)), () => 'must be a Float32Array, got ['],
  ['a Float64Array', (size) => new Float64Array(size), () => 'got [object Float64Array]'],
  ['a DataView', (size) => new DataView(new ArrayBuffer(4 * size)), () => '[object DataView]'],
  ['an ArrayBuffer', (size) => good(size, 9).buffer, () => 'got [object ArrayBuffer]'],
  ['null', () => null, () => 'got null'],
  ['undefined', () => undefined, () => 'got undefined'],
];

const entries: [string, (sampler: Sampler, row: Float32Array) => unknown][] = [
  ['sample', (sampler, row) => sampler.sample(row)],
  ['sample with top', (sampler, row) => sampler.sample(row, { top: 5 })],
  ['sampleToken', (sampler, row) => sampler.sampleToken(row)],
  ['probabilities', (sampler, row) => sampler.probabilities(row)],
  ['inspect', (sampler, row) => sampler.inspect(row)],
  ['inspect with edges', (sampler, row) => sampler.inspect(row, { edges: true })],
  ['candidate', (sampler, row) => sampler.candidate(row, 0)],
  ['a what-if', (sampler, row) => sampler.sample(row, { history: [0, 1], step: 4 })],
];

const refusal = (code: string, message: string) =>
  expect.objectContaining({ name: 'KelvinError', code, message: expect.stringContaining(message) });

/** A sampler that will meet bad rows, and one that will not. */
function twins(options: SamplingOptions, size: number, own: boolean): [Sampler, Sampler] {
  const make = () => new Sampler(options, own ? size : undefined);
  const pair: [Sampler, Sampler] = [make(), make()];
  for (const sampler of pair) {
    sampler.reset([0, 1, 2, 0]);
    for (let n = 0; n < 4; n++) sampler.sampleToken(good(size, n));
  }
  return pair;
}

const sizes = [5, 40, 700, LARGEST];
const kinds = sizes.flatMap((size) => [
  [size, 'shared', false] as const,
  [size, 'its own', true] as const,
]);

describe.each(kinds)('%i logits in %s memory', (size, _memory, own) => {
  it.each(bad)('%s: refused at every door, nothing changed', (_name, make, message) => {
    for (const options of [stateful, filters]) {
      const [sampler, twin] = twins(options, size, own);
      for (const [n, [, enter]] of entries.entries()) {
        const row = make(size) as Float32Array;
        expect(() => enter(sampler, row)).toThrow(refusal('INVALID_LOGITS', message(size)));
        const next = good(size, 20 + n);
        expect(sampler.sample(next, { top: 5 })).toEqual(twin.sample(next, { top: 5 }));
      }
    }
  });

  it('a row that was good until its buffer went away', () => {
    const [sampler, twin] = twins(stateful, size, own);
    const row = good(size, 30);
    expect(sampler.sample(row)).toEqual(twin.sample(good(size, 30)));
    detached(row);
    for (const [, enter] of entries)
      expect(() => enter(sampler, row)).toThrow(refusal('INVALID_LOGITS', 'detached'));
    expect(sampler.sample(good(size, 31))).toEqual(twin.sample(good(size, 31)));
  });

  it('tokens of the history that the row does not have', () => {
    const [sampler, twin] = twins(stateful, size, own);
    const row = good(size, 40);
    const past = (message: string) => refusal('INVALID_TOKEN', `token ids must be ${message}`);
    for (const [id, message] of [
      [size, `integers ≥ 0 and < ${size}, got ${size} at index 1`],
      [2 ** 32, `integers ≥ 0 and < ${size}, got ${2 ** 32} at index 1`],
      [-1, 'integers ≥ 0, got -1 at index 1'],
      [0.5, 'integers ≥ 0, got 0.5 at index 1'],
      [Number.NaN, 'integers ≥ 0, got NaN at index 1'],
      [2 ** 53, `integers ≥ 0, got ${2 ** 53} at index 1`],
    ] as const)
      for (const method of ['sample', 'sampleToken', 'probabilities', 'inspect'] as const)
        expect(() => sampler[method](row, { history: [0, id, 1] })).toThrow(past(message));
    expect(sampler.sample(row)).toEqual(twin.sample(row));

    if (own)
      expect(() => sampler.accept(size)).toThrow(past(`integers ≥ 0 and < ${size}, got ${size}`));
    else {
      // Only a row can tell: what was accepted is to be taken back.
      sampler.accept(size);
      sampler.accept(0);
      for (const [, enter] of entries.slice(0, 7))
        expect(() => enter(sampler, row)).toThrow(
          past(`integers ≥ 0 and < ${size}, got ${size} at index 9`),
        );
      sampler.rewind(5);
    }
    expect(sampler.sample(row, { top: 5 })).toEqual(twin.sample(row, { top: 5 }));
  });
});

describe.each(sizes)('a row of %i logits that its sampler was not made for', (size) => {
  it.each([size - 1, size + 1, size + 64])('is refused at a length of %i', (length) => {
    const [sampler, twin] = twins(stateful, size, true);
    for (const [, enter] of entries)
      expect(() => enter(sampler, good(length, 9))).toThrow(
        refusal('INVALID_LOGITS', `must have ${size} entries, got ${length}`),
      );
    expect(sampler.sample(good(size, 21))).toEqual(twin.sample(good(size, 21)));
  });

  it('is refused in its own memory, and left for who wrote it to look at', () => {
    const [sampler, twin] = twins(stateful, size, true);
    const { row } = sampler;
    row.set(good(size, 9));
    row[size - 1] = Number.NaN;
    for (const [, enter] of entries)
      expect(() => enter(sampler, row)).toThrow(refusal('INVALID_LOGITS', `index ${size - 1}`));
    expect(row).toEqual(put(-1, Number.NaN)(size));
    row.set(good(size, 21));
    expect(sampler.sample(row)).toEqual(twin.sample(good(size, 21)));
  });
});

it('one bad logit is found wherever it is', () => {
  const lengths = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 8000, max: 8400 }));
  const values = fc.constantFrom(Number.NaN, Infinity);
  fc.assert(
    fc.property(lengths, fc.nat(), values, fc.boolean(), (size, n, value, masked) => {
      const row = masked ? new Float32Array(size).fill(-Infinity) : good(size, 1);
      row[n % size] = value;
      expect(() => new Sampler().sampleToken(row)).toThrow(
        refusal('INVALID_LOGITS', `got ${value} at index ${n % size} of ${size}`),
      );
    }),
    { numRuns: 1000 },
  );
});

it('a vocabulary beyond the largest is refused', () => {
  expect(() => new Sampler().sample(new Float32Array(2 ** 21 + 1))).toThrow(
    refusal('INVALID_LOGITS', `at most ${2 ** 21} entries, got ${2 ** 21 + 1}`),
  );
  for (const size of [0, -1, 1.5, 2 ** 21 + 1, Number.NaN])
    expect(() => new Sampler({}, size)).toThrow(refusal('INVALID_ARGUMENT', `got ${size}`));
  expect(new Sampler({ temperature: 0 }).sampleToken(new Float32Array(2 ** 21))).toBe(0);
});
