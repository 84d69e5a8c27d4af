// Rows of every kind that could embarrass a sampler, told by a shape, a size and a number.
import fc from 'fast-check';

const SMALLEST = 2 ** -149;
const LARGEST = 3.4028234663852886e38;

/** Numbers in [0, 1) from an integer: mulberry32, as a row of 262,144 should not take long. */
export function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Gives the logit of an id; told the row's size and its source of numbers first. */
type Shape = (size: number, next: () => number) => (id: number) => number;

const pick = <T>(values: readonly T[], next: () => number): T =>
  values[Math.floor(next() * values.length)];
const bell = (next: () => number) => next() + next() + next() + next() - 2;

const shapes = {
  /** As a sure model's: one far above a bell. */
  peaked: (size, next) => {
    const top = Math.floor(next() * size);
    const height = 40 * next();
    return (id) => 4 * bell(next) + (id === top ? height : 0);
  },
  /** As an unsure model's. */
  bell: (_size, next) => {
    const width = pick([0.5, 3, 12, 100], next);
    return () => width * bell(next);
  },
  /** A long tail, largest first or last: what a scan in order finds hardest to skip. */
  sloping: (size, next) => {
    const slope = pick([1, -1], next) * (30 / size);
    return (id) => slope * id;
  },
  flat: (_size, next) => {
    const width = pick([1e-2, 1e-6, 1e-7], next);
    return () => 1 + width * next();
  },
  constant: (_size, next) => {
    const value = pick([0, -0, 1, -17.25, 1e-45, -LARGEST, LARGEST, 88.7], next);
    return () => value;
  },
  twoValued: (_size, next) => {
    const gap = pick([SMALLEST, 1e-6, 1, 12, 87, 88, 1000], next);
    const share = pick([0.5, 0.01, 0.99], next);
    return () => (next() < share ? 0 : -gap);
  },
  /** One token and all others about as likely together, where errors of the tail weigh most. */
  plateau: (size, next) => {
    const top = Math.floor(next() * size);
    const depth = Math.log(size) + 2 * next() - 1;
    const slope = 0.5 * next();
    return (id) => (id === top ? 1 : 1 - depth - slope * next());
  },
  tied: (_size, next) => {
    const grain = pick([0.25, 1, 4], next);
    return () => Math.round((6 * bell(next)) / grain) * grain;
  },
  /** Neighbours among the Float32s. */
  near: (_size, next) => {
    const base = pick([1, 1000, 2 ** 20], next);
    return () => base * (1 + Math.floor(4 * next()) * 2 ** -23);
  },
  masked: (size, next) => {
    const share = pick([0.1, 0.9, 0.999], next);
    const survivor = Math.floor(next() * size);
    return (id) => (id !== survivor && next() < share ? -Infinity : 5 * bell(next));
  },
  /** Whole blocks are masked. */
  patchy: (size, next) => {
    const patch = pick([4, 16, 64, 256], next);
    const survivor = Math.floor(next() * size);
    return (id) => ((id / patch) & 1 && id !== survivor ? -Infinity : 5 * bell(next));
  },
  /** Misleads whoever looks at every n-th logit, to have about 4096 of them. */
  striped: (size, next) => {
    const stride = Math.max(3, Math.floor(size / 4096) | 1);
    const step = pick([-4, -1, 1, 4], next);
    return (id) => (id % stride === 0 ? step : 0) + 0.5 * bell(next);
  },
  survivor: (size, next) => {
    const survivor = Math.floor(next() * size);
    const score = pick([0, -0, -1e38, 1e38, SMALLEST, -LARGEST], next);
    return (id) => (id === survivor ? score : -Infinity);
  },
  denormal: (_size, next) => () => Math.floor(200 * bell(next)) * SMALLEST,
  zeros: (_size, next) => () => pick([0, -0, 0, -0, SMALLEST, -SMALLEST, 1], next),
  signedZeros: (_size, next) => () => (next() < 0.5 ? 0 : -0),
  /** As far apart as can be told in Float32. */
  wide: (_size, next) => () => LARGEST * (next() - 0.5),
  /** Many powers of ten, both signs. */
  scattered: (_size, next) => () => pick([1, -1], next) * 10 ** (74 * next() - 37),
} satisfies Record<string, Shape>;

/** Further apart than Float32 can tell: a difference is Infinity there. */
const extreme: Shape = (_size, next) => () => LARGEST * (2 * next() - 1);

const every = { ...shapes, extreme };

/** What a row is made from; short, so that a failure can be read and replayed. */
export interface Plan {
  readonly shape: keyof typeof every;
  readonly size: number;
  readonly seed: number;
}

/** Makes a row; at least one logit is finite. */
export function rowOf({ shape, size, seed }: Plan): Float32Array {
  const logit = every[shape](size, numbers(seed));
  return Float32Array.from({ length: size }, (_, id) => logit(id));
}

/** Up to a few blocks, mostly around their edges. */
export const small = fc.oneof(
  fc.integer({ min: 1, max: 150 }),
  fc.constantFrom(1, 2, 3, 15, 16, 17, 63, 64, 65, 127, 128, 129),
);
/** Too many tokens to list one by one, which is where the kernel begins. */
export const middling = fc.oneof(
  fc.integer({ min: 513, max: 1600 }),
  fc.constantFrom(512, 513, 575, 576, 577, 1023, 1024, 1025),
);
/** As vocabularies are, and around where the block grows. */
export const large = fc.oneof(
  fc.integer({ min: 2000, max: 9000 }),
  fc.constantFrom(8128, 8129, 8191, 8192, 8193, 8256, 32000),
);
export const huge = fc.constantFrom(50257, 65537, 128256, 151936, 262143, 262144);

export const plans = (size: fc.Arbitrary<number>): fc.Arbitrary<Plan> =>
  fc.record({
    shape: fc.constantFrom(...(Object.keys(every) as (keyof typeof every)[])),
    size,
    seed: fc.nat(),
  });
