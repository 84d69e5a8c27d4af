import { existsSync } from 'node:fs';
import { jsonText } from '../generation/json-text.ts';
import { loadModel } from '../generation/load-model.ts';
import type { Difference } from '../generation/session/difference.ts';
import { readRecord } from '../generation/session/read-record.ts';
import type { Recorded, RecordedModel } from '../generation/session/record.ts';
import { replay } from '../generation/session/replay.ts';
import { DTYPES, type Dtype } from '../model/onnx-file.ts';
import { KelvinError } from '../sampling/error.ts';
import { Failure } from './failure.ts';
import { interruptible } from './interrupt.ts';
import type { ModelFlags } from './model-flags.ts';
import { readPrompt } from './prompt.ts';
import { say, write } from './streams.ts';
import { readTextFile } from './text-file.ts';

export type ReplayFlags = Pick<ModelFlags, 'model' | 'threads'>;

/** Writes again what a file holds, and tells on stdout whether it is the same. */
export async function runReplay(
  file: string,
  { model: name, threads }: ReplayFlags,
): Promise<void> {
  const text = file === '-' ? await readPrompt() : await readTextFile('record', file);
  const recorded = await inFile(file, async () => readRecord(text));
  const { folder, dtype } = whereabouts(recorded.model);
  // Another model's weights need not be in the same format.
  const model = await loadModel(name ?? folder, { threads, ...(name ? {} : { dtype }) });
  try {
    await interruptible(async (signal) => {
      try {
        const difference = await inFile(file, () => replay(model, recorded, signal));
        if (difference) process.exitCode = 1;
        await write(difference ? differenceLine(difference) : sameLine(recorded));
      } catch (error) {
        if (!signal.aborted) throw error;
        say('interrupted\n');
      }
    });
  } finally {
    await model.dispose();
  }
}

/** What is wrong with a record is no wrong command line, and is told with the file's name. */
async function inFile<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof KelvinError)) throw cause;
    const name = file === '-' ? 'stdin' : file;
    throw new Failure(`${name}: ${cause.message}`, { cause });
  }
}

/** The folder where the model was, or its name if it is an embedded one that is elsewhere now. */
function whereabouts({ name, path, dtype }: RecordedModel) {
  const known = (DTYPES as string[]).includes(dtype) ? (dtype as Dtype) : undefined;
  return { folder: existsSync(path) ? path : name, dtype: known };
}

function differenceLine({ line, place, field, recorded, found }: Difference): string {
  const shown = (value: unknown) => (value === undefined ? 'nothing' : jsonText(value));
  return `line ${line}, ${place}: ${field} differs: recorded ${shown(recorded)}, found ${shown(found)}\n`;
}

function sameLine(recorded: Recorded): string {
  const branches = recorded.kind === 'session' ? recorded.branches : [recorded];
  const tokens = branches.reduce((sum, { steps }) => sum + steps.length, 0);
  const count = (n: number, one: string, several: string) => `${n} ${n === 1 ? one : several}`;
  return `${count(tokens, 'token', 'tokens')} in ${count(branches.length, 'branch', 'branches')}: the same\n`;
}
