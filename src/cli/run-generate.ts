import { generate } from '../generation/generate.ts';
import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import type { Dtype } from '../model/onnx-file.ts';
import { Sampler } from '../sampling/index.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import { givenSampling } from './sampling-flags.ts';
import { dim, harmless, write } from './streams.ts';
import { settingsTable, summaryLine } from './summary.ts';
import { UsageError } from './usage-error.ts';

export interface GenerateFlags {
  readonly model?: string;
  readonly dtype?: Dtype;
  readonly threads?: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly json?: boolean;
  readonly logprobs?: number;
  readonly verbose?: boolean;
  readonly [samplingOption: string]: unknown;
}

/** Writes a text to stdout, or with `json` its steps; what is said about it goes to stderr. */
export async function runGenerate(prompt: string, flags: GenerateFlags): Promise<void> {
  if (flags.logprobs !== undefined && !flags.json) {
    throw new UsageError('--logprobs must come with --json, which is where they are told');
  }
  // Before the model is loaded: nobody should wait to hear of a typing error.
  new Sampler(givenSampling(flags));
  await interruptible(async (signal) => {
    const interrupted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const { dtype, threads } = flags;
    const model = await Promise.race([loadModel(flags.model, { dtype, threads }), interrupted]);
    if (!model) process.exit();
    await stream(model, prompt, flags, signal);
    await model.dispose();
  });
}

async function stream(
  model: Model,
  prompt: string,
  flags: GenerateFlags,
  signal: AbortSignal,
): Promise<void> {
  const { stdout, stderr } = process;
  const { maxTokens, stop, json, logprobs: top } = flags;
  const generation = generate(model, prompt, {
    ...givenSampling(flags),
    maxTokens,
    stop,
    top,
    signal,
  });
  // A terminal must not be driven by a model; a pipe gets every byte.
  const shown = (text: string) => (stdout.isTTY ? harmless(text) : text);
  if (stdout.isTTY && stderr.isTTY && !json) await write(stderr, dim(harmless(prompt), stderr));

  let written = 0;
  for await (const step of generation) {
    written += step.text.length;
    if (!(await write(stdout, json ? jsonLine(step) : shown(step.text)))) break;
  }
  const summary = await generation.result();
  if (json) {
    const { name, file } = model.info;
    await write(stdout, jsonLine({ summary: { model: { name, file }, prompt, ...summary } }));
  } else {
    // An interrupted text may have held something back.
    await write(stdout, shown(summary.text.slice(written)));
    if (stdout.isTTY) await write(stderr, '\n');
  }
  if (flags.verbose) await write(stderr, settingsTable(summary.settings));
  await write(stderr, dim(summaryLine(summary), stderr));
}
