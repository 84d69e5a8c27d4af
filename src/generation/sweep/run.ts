import { TextMetrics, type TextReadout } from '../../evaluation/index.ts';
import { generate } from '../generate.ts';
import type { GenerateOptions } from '../generate-options.ts';
import type { Model } from '../model.ts';
import type { FinishReason } from '../step.ts';
import type { Setting } from './sweep-options.ts';

/** Which run of a sweep. */
export interface Place {
  /** Index of its setting in the grid, and the setting itself. */
  readonly setting: number;
  readonly options: Setting;
  /** Which of the setting's runs: samples of the same number have the same luck. */
  readonly sample: number;
  readonly seed: number;
}

/** One text of a sweep, and how it reads. */
export interface Run extends Place {
  readonly text: string;
  /** The tokens written; an end token, where there is one, is the last of them. */
  readonly tokens: readonly number[];
  readonly finishReason: FinishReason;
  /** Of these tokens, each with the model's own log probability. */
  readonly readout: TextReadout;
}

/**
 * Writes one text and measures it; undefined where an abort cut it short.
 *
 * @param written called at each token
 */
export async function runAt(
  place: Place,
  model: Model,
  prompt: string | readonly number[],
  common: GenerateOptions,
  written: () => void,
): Promise<Run | undefined> {
  const generation = generate(model, prompt, { ...common, ...place.options, seed: place.seed });
  const metrics = new TextMetrics();
  const tokens: number[] = [];
  for await (const { token, logprob } of generation) {
    metrics.push({ token, logprob });
    tokens.push(token);
    written();
  }
  const { text, finishReason } = await generation.result();
  if (finishReason === 'abort') return undefined;
  return { ...place, text, tokens, finishReason, readout: metrics.read() };
}
