import { bootstrap, distinctN, type Interval, selfBleu } from '../../evaluation/index.ts';
import type { Run } from './run.ts';
import type { Setting } from './sweep-options.ts';

/** What the texts of one setting show. Intervals are means with 95 % bootstrap confidence. */
export interface SettingSummary {
  readonly setting: number;
  readonly options: Setting;
  /** How many texts it is of. */
  readonly runs: number;
  /** Of each text by itself: Π (1 − rep-n), n = 2, 3, 4, in [0, 1]. */
  readonly diversity: Interval;
  /** Of each text: mean ln p(token), in nats. */
  readonly coherence: Interval;
  /** Of each text: rep-4, the share of 4-grams that were there before. */
  readonly repetition: Interval;
  /** e^−coherence: the geometric mean of the texts' perplexities. */
  readonly perplexity: Interval;
  /**
   * Π distinct-n, n = 2, 3, 4, of all texts together (as Su et al. 2022 measure diversity): what
   * two texts share counts as repeated. It falls with the number of texts.
   */
  readonly setDiversity: number;
  /** How alike the texts are, 1 where all are the same; undefined of a single one. */
  readonly selfBleu: number | undefined;
  /** The share of texts that end in a loop. */
  readonly loops: number;
  /** Mean number of tokens. */
  readonly tokens: number;
  /** The text of the first sample. */
  readonly example: string;
}

/**
 * What the runs of a sweep show, setting by setting.
 *
 * @returns in the order of the grid, only settings with a run
 * @example
 * import { gridOf, loadModel, summarise, sweep } from 'kelvin';
 * const model = await loadModel();
 * const options = { grid: gridOf({ temperature: [0, 1] }), samples: 2, seed: 7, maxTokens: 8 };
 * const runs = [];
 * for await (const run of sweep(model, 'Once upon a time', options)) runs.push(run);
 * const [cold, warm] = summarise(runs);
 * cold.selfBleu > warm.selfBleu; // => true
 * await model.dispose();
 */
export function summarise(runs: Iterable<Run>): SettingSummary[] {
  const settings = new Map<number, Run[]>();
  for (const run of runs) {
    const known = settings.get(run.setting);
    if (known) known.push(run);
    else settings.set(run.setting, [run]);
  }
  return [...settings.values()].map(summaryOf).sort((a, b) => a.setting - b.setting);
}

// In the order of samples, so that it does not matter in which order they ended.
function summaryOf(unordered: readonly Run[]): SettingSummary {
  const runs = unordered.toSorted((a, b) => a.sample - b.sample);
  const [first] = runs as [Run, ...Run[]];
  const { setting, options, text } = first;
  const texts = runs.map(({ tokens }) => tokens);
  const mean = (value: (run: Run) => number) => bootstrap(runs.map(value));
  const coherence = mean(({ readout }) => readout.coherence!);
  return {
    setting,
    options,
    runs: runs.length,
    diversity: mean(({ readout }) => readout.diversity),
    coherence,
    repetition: mean(({ readout }) => readout.repetition[4]),
    perplexity: {
      mean: Math.exp(-coherence.mean),
      low: Math.exp(-coherence.high),
      high: Math.exp(-coherence.low),
    },
    setDiversity: distinctN(texts, 2) * distinctN(texts, 3) * distinctN(texts, 4),
    selfBleu: texts.length > 1 ? selfBleu(texts) : undefined,
    loops: runs.filter(({ readout }) => readout.loop).length / runs.length,
    tokens: texts.reduce((sum, { length }) => sum + length, 0) / runs.length,
    example: text,
  };
}
