import type { Step, Summary } from '../generation/step.ts';
import type { Asked } from './request.ts';
import type { Shape } from './shape.ts';
import { usageOf } from './usage.ts';
import type { Written } from './write.ts';

/** What is the same in every piece of an answer. */
export interface Frame {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
}

/** All texts of a request in one object. */
export async function whole(
  written: AsyncIterable<Written>,
  { n, logprobs }: Asked,
  shape: Shape,
  frame: Frame,
): Promise<object> {
  const steps: Step[][] = [];
  const summaries: Summary[] = [];
  for await (const { choice, step, summary } of written) {
    steps[choice] ??= [];
    if (summary) summaries[choice] = summary;
    else if (logprobs !== undefined) steps[choice].push(step);
  }
  return {
    ...frame,
    object: shape.object,
    choices: summaries.map((summary, index) => ({
      index,
      ...shape.whole(summary, steps[index] ?? [], logprobs),
    })),
    usage: usageOf(summaries, n),
  };
}

/** The texts of a request in pieces, as they are written. */
export async function* pieces(
  written: AsyncIterable<Written>,
  { n, logprobs, includeUsage }: Asked,
  shape: Shape,
  frame: Frame,
): AsyncGenerator<object, void> {
  const chunk = (choices: object[]) => ({
    ...frame,
    object: shape.chunk,
    choices,
    ...(includeUsage && { usage: null }),
  });
  const offsets: number[] = [];
  const summaries: Summary[] = [];
  for await (const { choice: index, step, summary } of written) {
    if (offsets[index] === undefined) {
      offsets[index] = 0;
      const head = shape.head();
      if (head) yield chunk([{ index, ...head }]);
    }
    if (summary) {
      summaries[index] = summary;
      yield chunk([{ index, ...shape.tail(summary) }]);
    } else if (step.text !== '' || logprobs !== undefined) {
      yield chunk([{ index, ...shape.piece(step, logprobs, offsets[index]) }]);
      offsets[index] += step.text.length;
    }
  }
  if (includeUsage) yield { ...chunk([]), usage: usageOf(summaries, n) };
}
