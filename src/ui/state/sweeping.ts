import { recommend } from '../../generation/sweep/recommend.ts';
import type { Run } from '../../generation/sweep/run.ts';
import { summarise } from '../../generation/sweep/summarise.ts';
import { sweep } from '../../generation/sweep/sweep.ts';
import { tokensLeft } from '../../generation/sweep/tokens-left.ts';
import { reason } from '../../model/reason.ts';
import { numberText } from '../panes/numbers.ts';
import type { RealisedPane } from '../panes/realised.ts';
import type { SweepPane } from '../panes/sweep.ts';
import { Store } from './store.ts';
import type { Tuner } from './tuner.ts';

/** From cold to hot, as far as anybody writes with. */
const TEMPERATURES = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.5, 2];
const SAMPLES = 4;
const MOST_TOKENS = 128;

/** Measured runs of the present settings at other temperatures, in the background. */
export class Sweeping extends Store {
  readonly #runs: Run[] = [];
  readonly #abort = new AbortController();
  readonly #started = performance.now();
  #pane: SweepPane | undefined;
  #isRunning = true;
  #written = 0;
  readonly #limit: number;
  #error: string | undefined;

  constructor(tuner: Tuner) {
    super();
    this.#limit = Math.min(tuner.limit, MOST_TOKENS);
    void this.#run(tuner);
  }

  get points(): RealisedPane['points'] {
    return this.pane.rows.map(({ label, diversity, coherence }) => ({
      label,
      diversity: diversity.mean,
      coherence: coherence.mean,
    }));
  }

  /** What is measured so far. */
  get pane(): SweepPane {
    this.#pane ??= this.#summarised();
    return this.#pane;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Stops; what is measured stays. */
  close(): void {
    this.#abort.abort();
  }

  async #run(tuner: Tuner): Promise<void> {
    const { model, prompt, exploration } = tuner;
    const { temperature: _, seed, ...rest } = exploration.settings.at(-1)!;
    try {
      const runs = sweep(model, prompt, {
        ...rest,
        ...(seed === undefined ? {} : { seed }),
        grid: TEMPERATURES.map((temperature) => ({ temperature })),
        samples: SAMPLES,
        maxTokens: this.#limit,
        signal: this.#abort.signal,
        progress: (written) => {
          this.#written = written;
        },
      });
      for await (const run of runs) {
        this.#runs.push(run);
        this.#refresh();
      }
    } catch (cause) {
      this.#error = reason(cause);
    }
    this.#isRunning = false;
    this.#refresh();
  }

  #refresh(): void {
    this.#pane = undefined;
    this.changed();
  }

  #summarised(): SweepPane {
    const summaries = summarise(this.#runs);
    const labelOf = ({ options }: (typeof summaries)[number]) => numberText(options.temperature!);
    const [finished, total] = [this.#runs.length, TEMPERATURES.length * SAMPLES];
    const left = tokensLeft(this.#written, { total, finished, limit: this.#limit });
    const etaMs = (left / this.#written) * (performance.now() - this.#started);
    const best = summaries.length > 0 && !this.#isRunning ? recommend(summaries) : undefined;
    return {
      progress: { done: finished, total, ...(finished > 0 ? { etaMs } : {}) },
      isRunning: this.#isRunning,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      rows: summaries.map((summary) => ({
        label: labelOf(summary),
        diversity: summary.diversity,
        coherence: summary.coherence,
        repetition: summary.repetition.mean,
        loops: Math.round(summary.loops * summary.runs),
        example: summary.example,
      })),
      ...(best ? { best: { label: labelOf(best.best), why: best.reason } } : {}),
    };
  }
}
