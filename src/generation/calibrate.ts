import { Calibration, type CalibrationResult } from '../evaluation/index.ts';
import type { LocalModel } from '../model/local-model.ts';
import type { PromptProgress } from '../model/sequence.ts';
import { encodeText } from './prompt.ts';
import { readRows } from './read-rows.ts';

/** Tokens that are remembered: of a large vocabulary about 10 KB each, some 350 MB together. */
const MOST = 32_768;
/** Tokens between two reports. */
const TOLD = 64;

/** The temperature that explains a text best, and what of the text was measured. */
export interface TextCalibration extends CalibrationResult {
  /** How many tokens were measured. */
  readonly tokens: number;
  /** 1 where all were; of a longer text every second, third, ... */
  readonly every: number;
}

/**
 * Finds the temperature at which the model explains a text best, reading it once. Of each row of
 * logits only what the fit needs is kept, and of a text of more than 32,768 tokens every second,
 * third, ... token is measured, so that its length takes time but no memory.
 *
 * @param signal ends it between two chunks
 * @throws KelvinError `INVALID_ARGUMENT` for a text in which the model saw no token coming
 */
export async function calibrate(
  model: LocalModel,
  text: string | readonly number[],
  signal?: AbortSignal,
  progress?: PromptProgress,
): Promise<TextCalibration> {
  const tokens = await encodeText(model, text);
  const total = tokens.length - 1;
  const every = Math.max(1, Math.ceil(total / MOST));
  const calibration = new Calibration();
  let read = 0;
  for await (const { row, token } of readRows(model, tokens, signal)) {
    if (read % every === 0) calibration.add(row, token);
    read += 1;
    if (read % TOLD === 0 || read === total) progress?.(read, total);
  }
  return { ...calibration.fit(), tokens: calibration.length, every };
}
