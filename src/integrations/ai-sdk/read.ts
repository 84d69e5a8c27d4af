import type { Generation } from '../../generation/generate.ts';
import type { Step, Summary } from '../../generation/step.ts';

/**
 * The steps of a generation and then its summary, in the manner of the AI SDK: there an abort is an
 * error.
 *
 * @throws the reason of the signal where it ended the text; what the generation throws
 */
export async function* read(
  generation: Generation,
  signal: AbortSignal | undefined,
): AsyncGenerator<Step, Summary, void> {
  for await (const step of generation) {
    // The model may have been a few steps ahead of the signal.
    signal?.throwIfAborted();
    yield step;
  }
  const summary = await generation.result();
  if (summary.finishReason === 'abort') signal?.throwIfAborted();
  return summary;
}
