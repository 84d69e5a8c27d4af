import Module, { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import * as kelvin from 'kelvin';
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { generate, prepare, type TransformersModel } from 'kelvin/transformers';
import { beforeAll, describe, expect, it } from 'vitest';
import { story } from '../../model/folders.ts';
import { variant } from '../../model/variant.ts';
import { Recorder } from './recorder.ts';

// It imports a library for images, whose native part an install without scripts does not build.
const require = createRequire(import.meta.url);
const images = createRequire(require.resolve('xenova-transformers')).resolve('sharp');
require.cache[images] = Object.assign(new Module(images), { exports: {}, loaded: true });

interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoModelForCausalLM: {
    from_pretrained(name: string, options: object): Promise<TransformersModel<number[][]>>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: number[]) => object;
}

const options: SamplingOptions = { temperature: 0.9, topP: 0.9, minP: 0.02, seed: 11 };
const PROMPT = [0, 390, 332, 12, 259, 1629];

describe('generate of @xenova/transformers 2.17', () => {
  let transformers: Transformers;
  let model: TransformersModel<number[][]>;

  const load = (folder: string) => {
    transformers.env.allowRemoteModels = false;
    transformers.env.localModelPath = dirname(folder);
    const files = { quantized: false, model_file_name: 'model' };
    return transformers.AutoModelForCausalLM.from_pretrained(basename(folder), files);
  };
  const tensor = (rows: readonly (readonly number[])[]) =>
    new transformers.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [
      rows.length,
      rows[0]!.length,
    ]);
  beforeAll(async () => {
    transformers = (await import('xenova-transformers')) as unknown as Transformers;
    model = await load(story);
  });
  const tokensOf = ({ steps }: { steps: readonly { token: number }[] }) =>
    steps.map(({ token }) => token);

  it('draws from its logits what a sampler draws, and tells of each token', async () => {
    const recorder = new Recorder();
    const penalised = { ...options, repetitionPenalty: 1.1 };
    const { output, texts } = await generate(
      model,
      { inputs: tensor([PROMPT]), max_new_tokens: 30, logits_processor: [recorder.processor] },
      { ...penalised, top: 3 },
    );
    const drawn = recorder.drawn(new Sampler({ ...penalised, endTokens: [0] }), PROMPT);
    expect(drawn.length).toBeGreaterThan(10);
    expect(output).toEqual([[...PROMPT, ...drawn]]);
    expect(tokensOf(texts[0]!)).toEqual(drawn);
    expect(texts[0]!.seed).toBe(11);
    expect(
      texts[0]!.steps.every(({ logprob, distribution }) => {
        return logprob <= 0 && distribution!.candidates.length >= 3;
      }),
    ).toBe(true);
  });

  it('writes what kelvin writes with the same options and seed', async () => {
    const own = await kelvin.loadModel();
    const request = { input_ids: tensor([PROMPT]), max_new_tokens: 30 };
    const { texts } = await generate(model, request, options);
    const steps = [];
    for await (const step of kelvin.generate(own, PROMPT, { ...options, maxTokens: 30 }))
      steps.push(step.token);
    expect(tokensOf(texts[0]!)).toEqual(steps);
    await own.dispose();
  });

  it('draws each text of a batch by itself, until it ends', async () => {
    const prompts = [PROMPT, PROMPT, [0, 5, 9, 12, 259, 1629]];
    const recorder = new Recorder();
    const processors = { logits_processor: [recorder.processor] };
    const sampling = { ...options, temperature: 1.2, logitBias: { 0: 9 } };
    const request = { input_ids: tensor(prompts), max_new_tokens: 200, ...processors };
    const { output, texts } = await generate(model, request, sampling);
    expect(texts.map(({ seed }) => seed)).toEqual([11, 12, 13]);
    expect(new Set(texts.map(({ steps }) => steps.length)).size).toBeGreaterThan(1);
    expect(texts.every(({ ended }) => ended)).toBe(true);
    // Each text's rows follow from what it had drawn before: told apart by their tokens.
    for (const [i, text] of texts.entries()) {
      expect(output[i]).toEqual([...prompts[i]!, ...tokensOf(text)]);
      const alone = { input_ids: tensor([prompts[i]!]), max_new_tokens: 200 };
      const { texts: only } = await generate(model, alone, { ...sampling, seed: 11 + i });
      expect(tokensOf(only[0]!)).toEqual(tokensOf(text));
    }
  });

  it('leaves padding out of the history', async () => {
    const padded = [1629, 1629, ...PROMPT];
    const mask = tensor([[0, 0, 1, 1, 1, 1, 1, 1]]);
    const recorder = new Recorder();
    const request = { input_ids: tensor([padded]), attention_mask: mask, max_new_tokens: 8 };
    const sampling = { ...options, frequencyPenalty: 1 };
    const { texts } = await generate(
      model,
      { ...request, logits_processor: [recorder.processor] },
      sampling,
    );
    const drawn = recorder.drawn(new Sampler({ ...sampling, endTokens: [0] }), PROMPT);
    expect(tokensOf(texts[0]!)).toEqual(drawn);
  });

  it('takes the likeliest token at temperature 0, as its own does', async () => {
    const own = model as unknown as {
      generate(inputs: object, config: object): Promise<number[][]>;
    };
    const greedy = { max_new_tokens: 20, do_sample: false };
    const expected = await own.generate(tensor([PROMPT]), greedy);
    const request = { input_ids: tensor([PROMPT]), max_new_tokens: 20 };
    expect((await generate(model, request, { temperature: 0 })).output).toEqual(expected);
  });

  it('counts the model’s own configuration as kelvin does, and not twice', async () => {
    const configured = await load(
      variant({
        'generation_config.json': {
          eos_token_id: [0, 17],
          temperature: 1.2,
          repetition_penalty: 1.4,
          bad_words_ids: [[390]],
          min_new_tokens: 5,
          max_new_tokens: 20,
        },
      }),
    );
    const recorder = new Recorder();
    const request = { input_ids: tensor([PROMPT]), logits_processor: [recorder.processor] };
    const { texts } = await generate(configured, request, { seed: 8 });
    const sampler = new Sampler({
      temperature: 1.2,
      repetitionPenalty: 1.4,
      badWords: [[390]],
      endTokens: [0, 17],
      minNewTokens: 5,
      seed: 8,
    });
    expect(tokensOf(texts[0]!)).toEqual(recorder.drawn(sampler, PROMPT));
    const plain = new Recorder();
    const untouched = { input_ids: tensor([PROMPT]), logits_processor: [plain.processor] };
    await generate(model, { ...untouched, max_new_tokens: 1 });
    expect(recorder.rows[0]!.logits).toEqual(plain.rows[0]!.logits);
  });

  it('refuses what only later versions do', async () => {
    const request = { input_ids: tensor([PROMPT]), streamer: {} };
    await expect(generate(model, request)).rejects.toThrow('streamer must be absent here');
  });

  it('has pipelines that cannot be reached, and says so', () => {
    expect(() => prepare(model)).toThrow('pipelines of 2.17 take no processor of logits');
  });
});
