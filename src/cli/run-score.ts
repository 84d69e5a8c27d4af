import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { readModelFolder } from '../model/folder.ts';
import { isAddress } from '../model/remote/address.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import { LiveLine } from './live-line.ts';
import type { ModelFlags } from './model-flags.ts';
import { painter } from './painter.ts';
import { readText, tokensOf } from './read-text.ts';
import {
  legend,
  type PlacedRead,
  summaryLine,
  summaryTable,
  surprises,
  tokenLine,
} from './score/report.ts';
import { Scored } from './score/scored.ts';
import { lineRoom, say, write, writePainted } from './streams.ts';

export interface ScoreFlags extends ModelFlags {
  readonly json?: boolean;
}

/** How many of the most surprising tokens are listed. */
const LISTED = 5;

/** Tells of every token of a text how likely the model found it, and what the text is as a whole. */
export async function runScore(file: string | undefined, flags: ScoreFlags): Promise<void> {
  if (!isAddress(flags.model)) await readModelFolder(flags.model);
  const text = await readText(file);
  const { model: name, dtype, threads } = flags;
  const model = await loadModel(name, { dtype, threads });
  try {
    const tokens = await tokensOf(model, text);
    await interruptible(async (signal) => {
      const isShown = process.stdout.isTTY && !flags.json;
      try {
        await (isShown ? paintText : writeReads)(model, tokens, signal);
      } catch (cause) {
        if (!signal.aborted) throw cause;
        say(isShown ? '\ninterrupted\n' : 'interrupted\n');
      }
    });
  } finally {
    await model.dispose();
  }
}

async function writeReads(
  model: Model,
  tokens: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const scored = new Scored(model.info, tokens.length);
  const line = new LiveLine();
  let index = 0;
  try {
    for await (const read of model.score(tokens, signal)) {
      const { token, text, logprob, rawEntropy: entropy, rank } = read;
      const surprisal = logprob === undefined ? undefined : -logprob;
      if (!(await write(jsonLine({ index, token, text, surprisal, entropy, rank })))) return;
      scored.add(read);
      index += 1;
      // The lines themselves tell, where they are seen.
      if (!process.stdout.isTTY) line.draw(`${index} of ${tokens.length} tokens`);
    }
  } finally {
    line.clear();
  }
  const summary = scored.summary();
  if (await write(jsonLine({ summary }))) say(summaryLine(summary));
}

async function paintText(
  model: Model,
  tokens: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const paint = painter();
  const scored = new Scored(model.info, tokens.length);
  let least: PlacedRead[] = [];
  let index = 0;
  for await (const read of model.score(tokens, signal)) {
    if (!(await writePainted(paint(tokenLine(read))))) return;
    scored.add(read);
    if (read.logprob !== undefined)
      least = [...least, { ...read, index }]
        .toSorted((a, b) => a.logprob! - b.logprob!)
        .slice(0, LISTED);
    index += 1;
  }
  const room = lineRoom();
  await writePainted(`\n\n${paint(legend(room))}\n\n`);
  await write(`${surprises(least, room)}\n${summaryTable(scored.summary(), room)}`);
}
