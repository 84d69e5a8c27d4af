import { type Generation, generate } from '../generation/generate.ts';
import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { parseSamplingOptions } from '../sampling/options.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import type { ModelFlags } from './model-flags.ts';
import { givenSampling } from './sampling-flags.ts';
import { say, write } from './streams.ts';
import { settingsTable, summaryLine } from './summary.ts';

export interface GenerateFlags extends ModelFlags {
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly json?: boolean;
  readonly logprobs?: number;
  readonly verbose?: boolean;
  readonly [samplingOption: string]: unknown;
}

/** Writes a text to stdout, or with `json` its steps; what is said about it goes to stderr. */
export async function runGenerate(
  readPrompt: () => Promise<string>,
  flags: GenerateFlags = {},
): Promise<void> {
  // How options go together, before anything is waited for.
  parseSamplingOptions(givenSampling(flags));
  const prompt = await readPrompt();
  await interruptible(async (signal) => {
    const { dtype, threads, maxTokens, stop, logprobs: top } = flags;
    const model = await unlessAborted(loadModel(flags.model, { dtype, threads }), signal);
    try {
      const options = { ...givenSampling(flags), maxTokens, stop, top, signal };
      const generation = generate(model, prompt, options);
      await (flags.json ? writeSteps(generation, prompt, model) : writeText(generation, prompt));
      const summary = await generation.result();
      if (flags.verbose) say(settingsTable(summary.settings, model.info, flags));
      say(summaryLine(summary));
    } finally {
      await model.dispose();
    }
  });
}

async function writeText(generation: Generation, prompt: string): Promise<void> {
  const { stdout, stderr } = process;
  if (stdout.isTTY && stderr.isTTY) say(prompt);
  for await (const { text } of generation) await write(text);
  if (stdout.isTTY) await write('\n');
}

async function writeSteps(generation: Generation, prompt: string, { info }: Model): Promise<void> {
  for await (const step of generation) await write(jsonLine(step));
  const { name, file, dtype } = info;
  const summary = { model: { name, file, dtype }, prompt, ...(await generation.result()) };
  await write(jsonLine({ summary }));
}

// A model cannot stop loading half-way, and there is nothing yet to keep: the process ends.
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.addEventListener('abort', exit);
  return work.finally(() => signal.removeEventListener('abort', exit));
}

function exit(): void {
  process.exit();
}
