import { jsonText } from '../generation/json-text.ts';
import { unhonoured } from '../generation/model-defaults.ts';
import type { FinishReason, Settings, Summary } from '../generation/step.ts';
import type { EngineInfo, ModelInfo } from '../model/info.ts';
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
export function summaryLine(summary: Summary): string {
  const { tokens, finishReason, seed, timings } = summary;
  // The prompt gave the first token; the time after it is that of the others.
  const rate = Math.round(((tokens - 1) * 1000) / timings.decodeMs);
  const count = `${tokens} ${tokens === 1 ? 'token' : 'tokens'}`;
  return `${count}, ${REASONS[finishReason]}, seed ${seed}${tokens > 1 ? `, ${rate} tokens/s` : ''}${certaintyText(summary)}\n`;
}

/** How far the text is what the model's whole distributions would have given. */
function certaintyText({ sampledBy, exactSteps, tokens }: Summary): string {
  if (sampledBy === undefined) return '';
  if (exactSteps === undefined) return ', sampled by the engine';
  return exactSteps === tokens ? ', exact' : `, approximate: ${exactSteps} steps exact`;
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
  return table([
    ['model', model.name, given(flags.model, 'built-in')],
    ...(model.engine ? engineRows(model.engine, flags) : localRows(model, flags)),
    ...settingRows(settings),
    ...unhonoured(model).map((field) => [field, 'asked for by the model, not supported', 'model']),
  ]);
}

const given = (flag: unknown, otherwise: string) => (flag === undefined ? otherwise : 'flag');

const localRows = ({ dtype }: ModelInfo, flags: ModelFlags): string[][] => [
  ['dtype', dtype!, given(flags.dtype, 'model')],
  ['threads', String(flags.threads ?? "by the model's size"), given(flags.threads, 'built-in')],
];

const engineRows = (
  { kind, sampledBy, candidates, approximate }: EngineInfo,
  flags: ModelFlags,
): string[][] => [
  ['engine', kind, 'model'],
  ['sampled-by', sampledBy, given(flags.sampledBy, 'built-in')],
  ['candidates', String(candidates), given(flags.candidates, 'built-in')],
  ['approximate', String(approximate), given(flags.approximate, 'built-in')],
];
