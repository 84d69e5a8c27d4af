import { type Generation, generate } from '../generation/generate.ts';
import type { GenerateOptions } from '../generation/generate-options.ts';
import type { Model } from '../generation/model.ts';
import type { Step, Summary } from '../generation/step.ts';
import { Gone, type Job } from './job.ts';
import { merge } from './merge.ts';
import type { Metrics } from './metrics.ts';
import type { Slots } from './slots.ts';

/** What happened to one of the texts of a request. */
export type Written =
  | { readonly choice: number; readonly step: Step; readonly summary?: undefined }
  | { readonly choice: number; readonly summary: Summary; readonly step?: undefined };

export interface Work {
  readonly prompts: readonly (string | readonly number[])[];
  readonly n: number;
  readonly options: GenerateOptions;
}

interface Means {
  readonly model: Model;
  readonly slots: Slots;
  readonly metrics: Metrics;
}

/**
 * Writes the texts of a request, as slots become free. Of n texts for a prompt the first has the
 * given seed and each other the next one, so that every one of them can be had by itself.
 *
 * @throws KelvinError at once for what is wrong with the options
 */
export function write(
  { prompts, n, options }: Work,
  job: Job,
  { model, slots, metrics }: Means,
): AsyncGenerator<Written, void> {
  const { signal } = job;
  const generations = prompts.flatMap((prompt) =>
    Array.from({ length: n }, (_, i) => {
      const seed = options.seed === undefined ? {} : { seed: options.seed + i };
      return generate(model, prompt, { ...options, ...seed, signal });
    }),
  );
  const sources = generations.map((generation, choice) => one(generation, choice));
  return merge(sources, (cause) => job.end(cause instanceof Error ? cause : new Gone()));

  async function* one(generation: Generation, choice: number): AsyncGenerator<Written> {
    const release = await slots.take(signal);
    job.begin();
    let before: number | undefined;
    try {
      for await (const step of generation) {
        // What was made ahead of the reader is not wanted any more.
        signal.throwIfAborted();
        const now = performance.now();
        metrics.token(now - (before ?? job.started), before === undefined);
        before = now;
        yield { choice, step };
      }
      const summary = await generation.result();
      // Whoever ended it says why.
      if (summary.finishReason === 'abort') throw signal.reason;
      if (choice % n === 0) metrics.prompt(summary.promptTokens);
      yield { choice, summary };
    } finally {
      release();
    }
  }
}
