import { type Generation, generate } from '../generation/generate.ts';
import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { resolveSampling } from '../generation/settings.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import { loadOptions, type ModelFlags } from './model-flags.ts';
import { readResponseFormat } from './response-format-flag.ts';
import { givenSampling } from './sampling-flags.ts';
import { areMerged, say, write } from './streams.ts';
import { settingsTable, summaryLine } from './summary.ts';
import { toldOf } from './told.ts';

export interface GenerateFlags extends ModelFlags {
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly responseFormat?: string;
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
  // How the flags go together, and with the model's own options, before anything is waited for.
  const told = await toldOf(flags.model);
  if (told) resolveSampling(givenSampling(flags), told);
  const { responseFormat: format } = flags;
  const responseFormat = format === undefined ? undefined : await readResponseFormat(format);
  const prompt = await readPrompt();
  const { maxTokens, stop, logprobs: top } = flags;
  const model = await loadModel(flags.model, loadOptions(flags));
  try {
    await interruptible(async (signal) => {
      const text = { maxTokens, stop, responseFormat, top };
      const options = { ...givenSampling(flags), ...text, signal };
      const generation = generate(model, prompt, options);
      const written = flags.json
        ? await writeSteps(generation, prompt, model)
        : await writeText(generation, prompt);
      if (!written) return;
      const summary = await generation.result();
      if (flags.verbose) say(settingsTable(summary.settings, model.info, flags));
      say(summaryLine(summary));
    });
  } finally {
    await model.dispose();
  }
}

async function writeText(generation: Generation, prompt: string): Promise<boolean> {
  const { stdout, stderr } = process;
  if (stdout.isTTY && stderr.isTTY) say(prompt);
  let last = '\n';
  for await (const { text } of generation) {
    if (!(await write(text))) return false;
    last = text.at(-1) ?? last;
  }
  if (stdout.isTTY) return write('\n');
  // What is said next begins a line of its own, on stderr: stdout is the text and nothing else.
  if (last !== '\n' && areMerged()) say('\n');
  return true;
}

async function writeSteps(
  generation: Generation,
  prompt: string,
  { info: { name, path, file, dtype, bytes, engine } }: Model,
): Promise<boolean> {
  for await (const step of generation) if (!(await write(jsonLine(step)))) return false;
  const summary = {
    model: { name, path, file, dtype, bytes, engine },
    prompt,
    ...(await generation.result()),
  };
  return write(jsonLine({ summary }));
}
