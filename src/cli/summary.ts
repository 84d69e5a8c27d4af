import { jsonText } from '../generation/json-text.ts';
import { unhonoured } from '../generation/model-defaults.ts';
import type { FinishReason, Settings, Summary } from '../generation/step.ts';
import type { ModelInfo } from '../model/info.ts';
import { kebab } from './kebab.ts';
import type { ModelFlags } from './model-flags.ts';
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
  // The prompt gave the first token; the time after it is that of the others.
  const rate = Math.round(((tokens - 1) * 1000) / timings.decodeMs);
  const count = `${tokens} ${tokens === 1 ? 'token' : 'tokens'}`;
  return `${count}, ${REASONS[finishReason]}, seed ${seed}${tokens > 1 ? `, ${rate} tokens/s` : ''}\n`;
}

function settingText(value: unknown): string {
  if (value === null) return 'off';
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** Settings as rows of a table, each with where it comes from. */
export const settingRows = (settings: Settings): string[][] =>
  Object.entries(settings).map(([name, { value, origin }]) => [
    kebab(FLAGS[name] ?? name),
    settingText(value),
    ORIGINS[origin],
  ]);

/** Every effective setting and where it comes from. */
export function settingsTable(settings: Settings, model: ModelInfo, flags: ModelFlags): string {
  const given = (flag: unknown, otherwise: string) => (flag === undefined ? otherwise : 'flag');
  return table([
    ['model', model.name, given(flags.model, 'built-in')],
    ['dtype', model.dtype, given(flags.dtype, 'model')],
    ['threads', String(flags.threads ?? "by the model's size"), given(flags.threads, 'built-in')],
    ...settingRows(settings),
    ...unhonoured(model).map((field) => [field, 'asked for by the model, not supported', 'model']),
  ]);
}
