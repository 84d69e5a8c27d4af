/**
 * All that the bench of models asks of kelvin; the one place to change when kelvin does. As in
 * kelvin.ts, it is the built library that is measured.
 */
import { createRequire } from 'node:module';
import type * as kelvin from 'kelvin';
import type * as onnxruntime from 'onnxruntime-node';
import type * as loops from '../src/generation/loop.ts';
import type * as requests from '../src/generation/settings.ts';
import type * as localModels from '../src/model/local-model.ts';
import type * as files from '../src/model/onnx-file.ts';
import type * as sessions from '../src/model/session.ts';
import { distFolder } from './kelvin.ts';
import { type Contender, type LoopTime, sampling } from './model/contender.ts';
import type { Model } from './model/models.ts';

const built = async <T>(path: string): Promise<T> => import(new URL(path, distFolder).href);

/** Through the public door, in a worker. */
export async function openPublic({ folder }: Model, threads: number): Promise<Contender> {
  const { generate, loadModel } = await built<typeof kelvin>('index.js');
  const model = await loadModel(folder, { threads });
  return {
    async generate(prompt, count, written) {
      const options = { ...sampling, maxTokens: count, minNewTokens: count };
      for await (const _ of generate(model, prompt, options)) written();
    },
    async batch(prompts, count) {
      const options = { ...sampling, maxTokens: count, minNewTokens: count };
      await Promise.all(prompts.map((prompt) => generate(model, prompt, options).result()));
    },
  };
}

/** The model in this thread, without and with the loop around it. */
export async function openHere({ folder }: Model, threads: number): Promise<Contender> {
  const { LocalModel } = await built<typeof localModels>('model/local-model.js');
  const model = await LocalModel.open(folder, { threads });
  let sequence = model.sequence();
  return {
    reset() {
      sequence = model.sequence();
    },
    extend: (tokens) => sequence.decode(tokens),
    loop: (prompt, count) => loop(model, prompt, count),
  };
}

async function loop(
  model: localModels.LocalModel,
  prompt: readonly number[],
  count: number,
): Promise<LoopTime> {
  const { run } = await built<typeof loops>('generation/loop.js');
  const { resolveSettings } = await built<typeof requests>('generation/settings.js');
  const options = { ...sampling, maxTokens: count, minNewTokens: count, top: 20 };
  const request = resolveSettings(prompt, options, model.info);
  const clock = watchRuns();
  let start: number | undefined;
  for await (const _ of run(model, request, new AbortController().signal)) {
    // The first step holds the prompt.
    if (start !== undefined) continue;
    start = performance.now();
    clock.run = 0;
  }
  return { total: performance.now() - start!, run: clock.run };
}

const ort = createRequire(distFolder)('onnxruntime-node') as typeof onnxruntime;

let watch: { run: number } | undefined;
/** Counts the milliseconds that pass inside `session.run`, of whatever session. */
function watchRuns(): { run: number } {
  if (watch) return watch;
  const clock = { run: 0 };
  const { prototype } = ort.InferenceSession as unknown as {
    prototype: onnxruntime.InferenceSession;
  };
  const run = prototype.run as (...args: unknown[]) => ReturnType<typeof prototype.run>;
  prototype.run = async function (this: unknown, ...args: unknown[]) {
    const start = performance.now();
    const outputs = await run.apply(this, args);
    clock.run += performance.now() - start;
    return outputs;
  };
  watch = clock;
  return clock;
}

/** Opens the file and no tokenizer. */
export async function openSession({ folder }: Model, threads: number): Promise<Contender> {
  const { chooseOnnxFile, onnxFiles } = await built<typeof files>('model/onnx-file.js');
  const { openSession } = await built<typeof sessions>('model/session.js');
  await openSession(chooseOnnxFile(await onnxFiles(folder)), threads);
  return {};
}
