import type { FinishReason, Settings, Summary } from '../generation/step.ts';
import type { ModelInfo } from '../model/info.ts';
import type { ModelFlags } from './model-flags.ts';
import { kebab } from './sampling-flags.ts';
import { table } from './table.ts';

const REASONS: Record<FinishReason, string> = {
  end: 'the model ended the text',
  stop: 'stop text met',
  length: 'token limit reached',
  context: "the model's context is full",
  abort: 'interrupted',
};
const ORIGINS = { option: 'flag', model: 'model', 'built-in': 'built-in' } as const;
// The library's names that are not the flags'.
const FLAGS: Readonly<Record<string, string>> = { top: 'logprobs' };

/** One line on how a generation went; with its seed, so that it can be repeated. */
export function summaryLine({ tokens, finishReason, seed, timings }: Summary): string {
  const rate = timings.decodeMs > 0 ? Math.round((tokens * 1000) / timings.decodeMs) : 0;
  const count = `${tokens} ${tokens === 1 ? 'token' : 'tokens'}`;
  return `${count}, ${REASONS[finishReason]}, seed ${seed}, ${rate} tokens/s\n`;
}

/** Every effective setting and where it comes from. */
export function settingsTable(settings: Settings, model: ModelInfo, flags: ModelFlags): string {
  const given = (flag: unknown, otherwise: string) => (flag === undefined ? otherwise : 'flag');
  return table([
    ['model', model.name, given(flags.model, 'built-in')],
    ['dtype', model.dtype, given(flags.dtype, 'model')],
    ['threads', String(flags.threads ?? "by the model's size"), given(flags.threads, 'built-in')],
    ...Object.entries(settings).map(([name, { value, origin }]) => [
      kebab(FLAGS[name] ?? name),
      typeof value === 'object' ? JSON.stringify(value) : String(value),
      ORIGINS[origin],
    ]),
  ]);
}
