import type { SettingSummary } from '../../generation/sweep/summarise.ts';
import { kebab } from '../kebab.ts';

const ESTIMATES = ['diversity', 'coherence', 'repetition', 'perplexity'] as const;

/** One row for each setting. */
export function csv(settings: readonly SettingSummary[]): string {
  const names = Object.keys(settings[0]?.options ?? {});
  const head = [
    ...names.map(kebab),
    'runs',
    ...ESTIMATES.flatMap((name) => [name, `${name}_low`, `${name}_high`]),
    ...['set_diversity', 'self_bleu', 'loops', 'tokens', 'example'],
  ];
  const rows = settings.map((setting) => [
    ...Object.values(setting.options),
    setting.runs,
    ...ESTIMATES.flatMap((name) => [setting[name].mean, setting[name].low, setting[name].high]),
    setting.setDiversity,
    setting.selfBleu ?? '',
    setting.loops,
    setting.tokens,
    setting.example,
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
