import type { SamplingOptions } from '../../sampling/index.ts';
import { generate } from '../generate.ts';
import { jsonText } from '../json-text.ts';
import type { Model } from '../model.ts';
import { type Difference, differenceOf, STEP } from './difference.ts';
import { OTHERS } from './read-generation.ts';
import type { RecordedGeneration } from './record.ts';

const LEFT = ['text', 'promptTokens', 'tokens', 'seed'] as const;
const WHOLE = [...LEFT, 'finishReason', 'stop'] as const;

/** See `replay`. */
export async function replayGeneration(
  model: Model,
  { prompt, steps, sampling, summary, ...others }: RecordedGeneration,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  const { line, finishReason } = summary;
  const at = { line, place: 'summary' };
  const seed = differenceOf(at, ['seed'], summary, sampling);
  if (seed) return seed;
  const { maxTokens, stop, responseFormat, top } = others;
  const options = { ...sampling, maxTokens, stop, responseFormat, top, signal };
  const generation = generate(model, prompt, options);
  // Of a text that was left nobody knows how it would have gone on.
  const isLeft = finishReason === 'abort';
  for (const recorded of steps) {
    const { done, value: step } = await generation.next();
    if (done) break;
    const here = { line: recorded.line, place: `token ${recorded.index}` };
    const difference = differenceOf(here, [...STEP, 'top'], recorded, step);
    if (difference) {
      await generation.return();
      return difference;
    }
  }
  if (isLeft) await generation.return();
  signal.throwIfAborted();
  const found = await generation.result();
  signal.throwIfAborted();
  return (
    differenceOf(at, isLeft ? LEFT : WHOLE, summary, found) ??
    settingDifference(line, sampling, found.settings)
  );
}

/** What is not in the record must be off, whatever the model's own file asks for. */
function settingDifference(
  line: number,
  sampling: SamplingOptions,
  found: Readonly<Record<string, { readonly value: unknown }>>,
): Difference | undefined {
  const recorded: Readonly<Record<string, unknown>> = { ...sampling };
  for (const [field, { value }] of Object.entries(found)) {
    if (OTHERS.includes(field)) continue;
    const before = recorded[field] ?? null;
    if (jsonText(before) !== jsonText(value))
      return { line, place: 'settings', field, recorded: before, found: value };
  }
  return undefined;
}
