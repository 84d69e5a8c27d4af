import { type SamplingOptions, samplingOptions } from '../sampling/index.ts';
import { smallText } from './panes/numbers.ts';
import { stopScale, turnStops } from './stops.ts';

/** The options that have a knob. */
export type KnobOption =
  | 'temperature'
  | 'topK'
  | 'topP'
  | 'minP'
  | 'topNSigma'
  | 'repetitionPenalty';

/** One of the things to turn: up lets more tokens in, but for min-p and the repetition penalty. */
export interface Knob {
  readonly option: KnobOption;
  readonly label: string;
  /** Its sign in a line of settings. */
  readonly sign: string;
  /** The stage it drives, as `order` and `describe()` call it. */
  readonly stage: string;
  /** The keys that turn it down and up. */
  readonly keys: readonly [down: string, up: string];
  /** The value at which it does nothing: the option's default, which is undefined where it has none. */
  readonly off: number | undefined;
  /** Where on its track the handle stands, in [0, 1]; an absent value is its default. */
  toScale(value: number | undefined): number;
  /** The value so many stops further up, or down. */
  turn(value: number | undefined, steps: number): number | undefined;
  text(value: number | undefined): string;
}

type Values = { readonly [name in KnobOption]?: number };

// By integers, so that no stop is 0.30000000000000004.
const hundredths = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => (from + i * step) / 100);

const TEMPERATURES = [
  ...hundredths(0, 150, 5),
  ...[1.6, 1.7, 1.8, 1.9, 2, 2.5, 3, 4, 5, 7, 10, 20, 50, 100, Infinity],
];
const COUNTS = [
  ...[1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 64, 80, 100, 150, 200, 300, 500],
  ...[1, 2, 5, 10, 20, 50, 100, 200].map((thousands) => thousands * 1000),
];
const MASSES = [...hundredths(0, 95, 5), 0.97, 0.98, 0.99, 1];
const SHARES = [0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, ...hundredths(20, 100, 10)];
const DEVIATIONS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, Infinity];
const PENALTIES = [1, 1.02, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.75, 2];

/**
 * The knobs, in the order they are shown.
 *
 * A stop is one step in what it does: "off" is the stop next to the weakest setting, never beside
 * the strongest.
 *
 * @param vocabulary how many tokens the model has: a top-k knob that keeps all of them is off
 */
export function createKnobs(vocabulary: number): readonly Knob[] {
  const counts = [...COUNTS.filter((count) => count < vocabulary), Infinity];
  return [
    {
      ...stopped('temperature', TEMPERATURES, 1),
      ...{ label: 'temperature', sign: 'τ', stage: 'temperature', keys: ['t', 'T'] },
      // Argmax at the left end, the model's own distribution in the centre, uniform at the right.
      toScale: (value = 1) => (value === Infinity ? 1 : value / (1 + value)),
      text: (value = 1) => smallText(value, decimals(value)),
    },
    {
      ...stopped('topK', counts, Infinity, 0),
      ...{ label: 'top-k', sign: 'k', stage: 'topK', keys: ['k', 'K'] },
    },
    {
      ...stopped('topP', MASSES, 1),
      ...{ label: 'top-p', sign: 'p', stage: 'topP', keys: ['p', 'P'] },
    },
    {
      ...stopped('minP', SHARES, 0),
      ...{ label: 'min-p', sign: 'm', stage: 'minP', keys: ['m', 'M'] },
    },
    {
      ...stopped('topNSigma', DEVIATIONS, Infinity),
      ...{ label: 'top-nσ', sign: 'nσ', stage: 'topNSigma', keys: ['n', 'N'] },
    },
    {
      ...stopped('repetitionPenalty', PENALTIES, 1),
      ...{ label: 'rep penalty', sign: 'r', stage: 'penalties', keys: ['r', 'R'] },
    },
  ];
}

/**
 * Turns one knob of the settings. The value at which it is off is no value, so that settings with
 * every knob off are those without any. Whether the result goes together the sampler decides.
 *
 * @param steps whole stops, up or down
 */
export const turn = (options: SamplingOptions, knob: Knob, steps: number): SamplingOptions =>
  withOption(options, knob.option, knob.turn(options[knob.option], steps));

/** The settings with an option set, or without it where that is its default. */
export function withOption<Name extends keyof SamplingOptions>(
  options: SamplingOptions,
  name: Name,
  value: SamplingOptions[Name],
): SamplingOptions {
  const { [name]: _, ...rest } = options;
  return value === undefined || value === samplingOptions[name].default
    ? rest
    : { ...rest, [name]: value };
}

/** The settings with these knobs set and every other one off; what has no knob stays. */
export function withKnobs(options: SamplingOptions, values: Values): SamplingOptions {
  return KNOB_OPTIONS.reduce((all, name) => withOption(all, name, values[name]), options);
}

const KNOB_OPTIONS = createKnobs(Infinity).map(({ option }) => option);

// What stops alone decide. `open` is the stop at which nothing is cut; `off` what the option is then.
function stopped(
  option: KnobOption,
  stops: readonly number[],
  open: number,
  off: number | undefined = open === Infinity ? undefined : open,
) {
  const toStop = (value: number | undefined) =>
    value === off || value === undefined ? open : value;
  return {
    option,
    off,
    toScale: (value: number | undefined) => stopScale(stops, toStop(value)),
    turn(value: number | undefined, steps: number) {
      const stop = turnStops(stops, toStop(value), steps);
      return stop === open ? off : stop;
    },
    text: (value: number | undefined) =>
      toStop(value) === open ? 'off' : smallText(toStop(value), decimals(toStop(value))),
  };
}

// At least two places where the value is no whole number, and as many more as it takes to be true.
function decimals(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return 0;
  const places = String(Number(value.toPrecision(4))).split('.')[1]?.length ?? 0;
  return Math.max(2, Math.min(4, places));
}
