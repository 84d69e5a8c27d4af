// Random options for rows of any size, up to the ends of what each option allows.
import fc from 'fast-check';
import { type SamplingOptions, samplingOptions } from 'kelvin/sampling';
import { common, family, laterEdits, mirostat, truncations } from '../../reference/chains.ts';
import { acting } from '../acting.ts';
import { between } from '../logits.ts';
import { type Plan, plans } from './rows.ts';

const names = samplingOptions.order.interval.split('out of ')[1].split(', ');
const rest = ['temperature', ...Object.keys(truncations), ...Object.keys(family), 'mirostat'];
const edits = names.filter((name) => !rest.includes(name));

const shuffled = (names: readonly string[]) =>
  fc.shuffledSubarray([...names], { minLength: names.length });

const orders: fc.Arbitrary<SamplingOptions['order']> = fc.oneof(
  fc.constantFrom('temperature-first' as const, 'temperature-last' as const),
  fc.tuple(shuffled(edits), shuffled(rest)).map((parts) => parts.flat()),
);

const temperatures = fc.oneof(
  between(0.05, 3),
  fc.constantFrom(0, 5e-324, 1e-45, 1e-38, 1e-20, 1e-9, 1e-3, 10, 1e3, 1e9, 1e38, 1e300),
  fc.constantFrom(undefined, Infinity),
);

/** Filters up to their ends, and around what one of so many equals has: 1 / size. */
function filtersFor(size: number) {
  const share = fc.oneof(between(0.01, 0.3), between(0.5 / size, 2 / size));
  return {
    ...family,
    topK: fc.oneof(fc.integer({ min: 1, max: size }), fc.constantFrom(1, 512, 513, size)),
    topP: fc.oneof(between(0, 1), fc.constantFrom(0, 1e-9, 0.9, 0.999999, 1 - 2 ** -53)),
    minP: fc.oneof(between(0, 1), fc.constantFrom(1e-300, 1e-30, 1e-5, 1)),
    epsilonCutoff: share.map((share) => Math.min(share, 0.9)),
    topA: fc.oneof(between(0.01, 3), between(0.1, size)),
    xtc: fc.record({
      probability: fc.constantFrom(1, 0.5),
      threshold: fc.oneof(fc.constant(0), share).map((share) => Math.min(share, 0.5)),
    }),
  };
}

/** One filter, some of them, mirostat or nothing. */
function choicesFor(size: number): fc.Arbitrary<SamplingOptions> {
  const filters = filtersFor(size);
  const alone = Object.entries(filters).map(([name, value]) => fc.record({ [name]: value }));
  return fc.oneof(
    { arbitrary: fc.oneof(...alone), weight: 4 },
    { arbitrary: fc.record(filters, { requiredKeys: [] }), weight: 4 },
    { arbitrary: fc.record({ mirostat }), weight: 1 },
    { arbitrary: fc.constant({}), weight: 1 },
  ) as fc.Arbitrary<SamplingOptions>;
}

/** Options for a vocabulary; if it has more than 5 tokens, the first 5 may be edited. */
function optionsFor(size: number): fc.Arbitrary<SamplingOptions> {
  const { dynamicTemperature } = laterEdits;
  const seed = common.seed;
  const unedited: fc.Arbitrary<SamplingOptions> = fc.record({ seed, dynamicTemperature });
  const edited = fc.record({ ...common, ...laterEdits });
  const ends = fc.record({
    temperature: temperatures,
    order: orders,
    minTokensToKeep: fc.oneof(fc.constantFrom(undefined, 1), fc.integer({ min: 1, max: size })),
  });
  return fc
    .tuple(size > 5 ? fc.oneof(unedited, edited) : unedited, choicesFor(size), ends)
    .map((parts) => Object.assign({}, ...parts))
    .filter((options) => options.temperature !== Infinity || !options.dynamicTemperature)
    .map(acting);
}

/** A row and what to make of it. */
export interface Task {
  readonly plan: Plan;
  readonly options: SamplingOptions;
}

export const tasks = (size: fc.Arbitrary<number>): fc.Arbitrary<Task> =>
  plans(size).chain((plan) =>
    fc.record({ plan: fc.constant(plan), options: optionsFor(plan.size) }),
  );
