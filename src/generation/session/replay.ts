import type { Model } from '../model.ts';
import { type Difference, differenceOf } from './difference.ts';
import type { Recorded } from './record.ts';
import { replayGeneration } from './replay-generation.ts';
import { replaySession } from './replay-session.ts';

/** What a model is told from another by; where it is may have changed. */
const MODEL = ['name', 'dtype', 'bytes'] as const;

/**
 * Writes everything again that was recorded, and compares it to the last bit: every token with its
 * text and its probabilities, and the seed.
 *
 * @param model one that has written nothing yet, so that it reads the prompt anew
 * @param signal ends it between two tokens
 * @returns the first difference; undefined where there is none
 * @throws the signal's reason; KelvinError where the model cannot take what was recorded
 */
export async function replay(
  model: Model,
  recorded: Recorded,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  const line = recorded.kind === 'session' ? 1 : recorded.summary.line;
  return (
    differenceOf({ line, place: 'model' }, MODEL, recorded.model, model.info) ??
    (recorded.kind === 'session'
      ? replaySession(model, recorded, signal)
      : replayGeneration(model, recorded, signal))
  );
}
