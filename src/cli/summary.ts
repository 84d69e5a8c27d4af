import type { FinishReason, Settings, Summary } from '../generation/step.ts';
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

/** One line on how a generation went; with its seed, so that it can be repeated. */
export function summaryLine({ tokens, finishReason, seed, timings }: Summary): string {
  const rate = timings.decodeMs > 0 ? Math.round((tokens * 1000) / timings.decodeMs) : 0;
  return `${tokens} tokens, ${REASONS[finishReason]}, seed ${seed}, ${rate} tokens/s\n`;
}

/** Every effective setting and where it comes from. */
export function settingsTable(settings: Settings): string {
  return table(
    Object.entries(settings).map(([name, { value, origin }]) => [
      kebab(name),
      typeof value === 'number' ? String(value) : JSON.stringify(value),
      ORIGINS[origin],
    ]),
  );
}
