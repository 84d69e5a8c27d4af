import type { ModelInfo } from '../../model/info.ts';
import { exp, type SamplingOptions } from '../../sampling/index.ts';
import type { Written } from '../explorer/view.ts';
import { jsonText } from '../json-text.ts';
import type { Read } from '../score.ts';

/** What a session is made of. */
export interface Session {
  readonly model: ModelInfo;
  readonly prompt: readonly Read[];
  /** By the numbers that tokens name. */
  readonly settings: readonly SamplingOptions[];
  /** Texts after the prompt, each whole; at least one. */
  readonly branches: readonly (readonly Written[])[];
  /** The one that is on the screen. */
  readonly current: number;
}

/**
 * A session as lines of NDJSON, without line breaks: what `kelvin replay` reads. First what it is
 * of, then of each branch what is new in it, each token as `kelvin generate --json` tells it, and
 * settings in front of the first token they hold for.
 */
export function sessionLines({ model, prompt, settings, branches, current }: Session): string[] {
  const from = branches.map((branch, n) => origin(branch, branches.slice(0, n)));
  const lines: unknown[] = [];
  let inForce: number | undefined;
  let steps = 0;
  for (const [n, branch] of branches.entries()) {
    const first = from[n];
    if (first) lines.push({ branch: n, from: first });
    for (const [i, entry] of branch.slice(first?.index ?? 0).entries()) {
      if (entry.settings !== inForce) lines.push({ settings: settings[entry.settings] });
      inForce = entry.settings;
      lines.push(stepLine((first?.index ?? 0) + i, entry));
      steps += 1;
    }
  }
  const { name, path, dtype, bytes, engine } = model;
  const header = {
    ...{ kelvin: 'session', version: 1, model: { name, path, dtype, bytes, engine } },
    prompt: {
      text: prompt.map(({ text }) => text).join(''),
      tokens: prompt.map(({ token }) => token),
    },
    // How many there are, so that a file that lost its end is known by it.
    ...{ branches: branches.length, steps, current },
  };
  return [header, ...lines].map(jsonText);
}

/** The branch before it with which it shares most, and how much; the first one has none. */
function origin(branch: readonly Written[], before: readonly (readonly Written[])[]) {
  const shared = before.map((other, n) => ({ branch: n, index: alike(branch, other) }));
  return shared.reduce<(typeof shared)[number] | undefined>(
    (best, one) => (best && best.index >= one.index ? best : one),
    undefined,
  );
}

function alike(a: readonly Written[], b: readonly Written[]): number {
  let length = 0;
  // The same token under other settings is another one to repeat.
  while (length < Math.min(a.length, b.length) && isSame(a[length]!, b[length]!)) length++;
  return length;
}

const isSame = (a: Written, b: Written): boolean =>
  a === b || (a.node === b.node && a.settings === b.settings && a.isChosen === b.isChosen);

function stepLine(index: number, entry: Written) {
  const { token, text, logprob, shapedLogprob, entropy, rank, isChosen } = entry;
  return {
    ...{ index, token, text, logprob, shapedLogprob, entropy, choices: exp(entropy), rank },
    ...(isChosen ? { chosen: true } : {}),
  };
}
