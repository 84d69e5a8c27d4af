import { TextMetrics, type TradeOff } from '../../evaluation/index.ts';
import type { Model } from '../../generation/model.ts';
import type { Read } from '../../generation/score.ts';

/** How likely a model finds a prompt: where people write. */
interface Reference {
  readonly read: readonly Read[];
  /** What the model expected there, and what people wrote; absent for a single token. */
  readonly expected?: TradeOff;
  /** The prompt as a text: how diverse it is, and how likely the model finds it. */
  readonly written?: TradeOff;
}

/** @returns undefined where nobody looks any more, or the text cannot be read */
export async function referenceOf(
  model: Model,
  prompt: string,
  signal: AbortSignal,
): Promise<Reference | undefined> {
  const read: Read[] = [];
  try {
    for await (const token of model.score(prompt, signal)) read.push(token);
  } catch {
    // The explorer says so, if it cannot be read.
    return undefined;
  }
  const metrics = new TextMetrics();
  for (const { token, logprob, rawEntropy } of read)
    if (logprob !== undefined) metrics.push({ token, logprob, entropy: rawEntropy! });
  const { entropy, diversity, coherence } = metrics.read();
  if (coherence === undefined) return { read };
  return {
    read,
    expected: { diversity: entropy!, coherence },
    written: { diversity, coherence },
  };
}
