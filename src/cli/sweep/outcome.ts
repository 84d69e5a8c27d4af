import type { Told } from '../../generation/model-defaults.ts';
import { modelDefaults } from '../../generation/model-defaults.ts';
import { recommend } from '../../generation/sweep/recommend.ts';
import type { Reference } from '../../generation/sweep/reference.ts';
import type { Run } from '../../generation/sweep/run.ts';
import { type SettingSummary, summarise } from '../../generation/sweep/summarise.ts';
import { commandLine } from '../../ui/export.ts';
import { quoted } from '../../ui/shell.ts';
import type { ModelFlags } from '../model-flags.ts';
import type { SweepHead } from './resume.ts';

/** What came of a sweep. */
export interface Outcome {
  readonly head: SweepHead;
  readonly settings: readonly SettingSummary[];
  readonly best: SettingSummary;
  /** Why it is the best. */
  readonly reason: string;
  /** The command that writes with it. */
  readonly command: string;
  readonly reference?: Reference | undefined;
}

/**
 * @param runs one or more
 * @param told what the model's own defaults are known by
 * @param flags those that chose the model
 */
export function outcomeOf(
  runs: readonly Run[],
  reference: Reference | undefined,
  head: SweepHead,
  told: Told,
  { model, dtype }: ModelFlags,
): Outcome {
  const settings = summarise(runs);
  const { best, reason } = recommend(settings, reference ? { reference } : {});
  const { maxTokens: _, ...asked } = modelDefaults(told);
  const command = commandLine({
    prompt: head.prompt,
    model,
    options: { ...asked, ...head.options, ...best.options },
    maxTokens: head.maxTokens,
    asked,
    said: Object.keys(best.options),
  });
  const more = [
    ...(dtype === undefined ? [] : [` --dtype ${dtype}`]),
    ...head.stop.map((text) => ` --stop ${quoted(text)}`),
  ].join('');
  return {
    head,
    settings,
    best,
    reason,
    // Before the prompt, which may be behind all flags.
    command: command.replace('kelvin generate', () => `kelvin generate${more}`),
    reference,
  };
}
