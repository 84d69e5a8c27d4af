import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  pipeline,
  type Tensor,
} from '@xenova/transformers';
import * as kelvin from 'kelvin';
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { generate, prepare } from 'kelvin/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../../model/folders.ts';
import { variant } from '../../model/variant.ts';
import { Recorder } from './recorder.ts';

const RUN = { dtype: 'fp32', device: 'cpu' } as const;
const PROMPT = 'One day, a fox';
const options: SamplingOptions = {
  temperature: 0.9,
  topP: 0.9,
  minP: 0.02,
  repetitionPenalty: 1.1,
  seed: 11,
};
let model: PreTrainedModel;
let tokenizer: PreTrainedTokenizer;
let own: kelvin.Model;
let inputs: Record<string, unknown>;
let prompt: number[];

async function load(folder: string): Promise<PreTrainedModel> {
  env.allowRemoteModels = false;
  return AutoModelForCausalLM.from_pretrained(folder, RUN);
}

beforeAll(async () => {
  model = await load(story);
  tokenizer = await AutoTokenizer.from_pretrained(story);
  own = await kelvin.loadModel();
  inputs = tokenizer(PROMPT);
  prompt = tokenizer.encode(PROMPT);
});
afterAll(() => Promise.all([model.dispose(), own.dispose()]));

const rowsOf = (output: unknown): number[][] =>
  ((output as Tensor).tolist() as bigint[][]).map((row) => row.map(Number));
const tokensOf = ({ steps }: { steps: readonly { token: number }[] }) =>
  steps.map(({ token }) => token);

describe('generate of @huggingface/transformers 4', () => {
  it('draws from its logits what a sampler draws, and tells of each token', async () => {
    const recorder = new Recorder();
    const { output, texts } = await generate(
      model,
      { ...inputs, max_new_tokens: 40, logits_processor: [recorder.processor] },
      { ...options, top: 3 },
    );
    const [text] = texts;
    const drawn = recorder.drawn(new Sampler({ ...options, endTokens: [0] }), prompt);
    expect(rowsOf(output)).toEqual([[...prompt, ...drawn]]);
    expect(tokensOf(text!)).toEqual(drawn);
    expect(drawn.length).toBeGreaterThan(10);
    expect(text!.seed).toBe(11);
    for (const { logprob, shapedLogprob, rank, distribution } of text!.steps) {
      expect(logprob).toBeLessThanOrEqual(0);
      expect(shapedLogprob).toBeLessThanOrEqual(0);
      expect(rank).toBeGreaterThan(0);
      expect(distribution!.candidates.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('writes what kelvin writes with the same options and seed', async () => {
    const { texts } = await generate(model, { ...inputs, max_new_tokens: 40 }, options);
    const summary = await kelvin.generate(own, PROMPT, { ...options, maxTokens: 40 }).result();
    const text = tokenizer.decode(tokensOf(texts[0]!), {
      skip_special_tokens: true,
      clean_up_tokenization_spaces: false,
    });
    expect(text).toBe(summary.text);
  });

  it('takes the likeliest token at temperature 0, as its own does', async () => {
    const request = { ...inputs, max_new_tokens: 20 };
    const expected = await model.generate({ ...request, do_sample: false });
    for (const options of [{ temperature: 0 }, { topP: 0 }, { topK: 1, seed: 3 }]) {
      const { output } = await generate(model, request, options);
      expect(rowsOf(output)).toEqual(rowsOf(expected));
    }
  });

  it('repeats a text from the seed it tells, and not without', async () => {
    const request = { ...inputs, max_new_tokens: 20 };
    const draw = async (options: SamplingOptions) =>
      (await generate(model, request, { temperature: 1, ...options })).texts[0]!;
    const [one, other] = [await draw({}), await draw({})];
    expect(tokensOf(one)).not.toEqual(tokensOf(other));
    expect(tokensOf(await draw({ seed: one.seed }))).toEqual(tokensOf(one));
  });

  it('takes what a constraint allows', async () => {
    const allowed = [5, 9, 13];
    const accepted: number[] = [];
    const constraint = {
      fillMask: (mask: Uint8Array) => {
        for (const token of allowed) mask[token] = 1;
      },
      accept: (token: number) => void accepted.push(token),
      reset: () => void accepted.splice(0),
    };
    const request = { ...inputs, max_new_tokens: 6 };
    const { texts } = await generate(model, request, { constraint, seed: 1 });
    expect(tokensOf(texts[0]!)).toEqual(accepted);
    expect(accepted.length).toBe(6);
    expect(accepted.every((token) => allowed.includes(token))).toBe(true);
    const two = { ...tokenizer(['a', 'a']), max_new_tokens: 1 };
    await expect(generate(model, two, { constraint })).rejects.toThrow(
      'constraint must be absent for a batch, as each text needs one of its own, got 2 texts',
    );
  });

  it('lets processors of the caller and of the request act before', async () => {
    const ban = (_: unknown, logits: Tensor) => {
      for (let i = 0; i < 2048; i++) if (i !== 77) logits.data[i] = Number.NEGATIVE_INFINITY;
      return logits;
    };
    const { texts } = await generate(model, {
      ...inputs,
      max_new_tokens: 3,
      logits_processor: [ban],
    });
    expect(tokensOf(texts[0]!)).toEqual([77, 77, 77]);
    const forced = { ...inputs, max_new_tokens: 4, forced_eos_token_id: 0 };
    expect(tokensOf((await generate(model, forced, { seed: 2 })).texts[0]!).at(-1)).toBe(0);
  });
});

describe('a batch', () => {
  const prompts = ['One day, a fox', 'The', 'Once upon a time, there was a little'];

  it('draws each text by itself, with seeds that count up, and no padding in its history', async () => {
    const batch = tokenizer(prompts, { padding: true });
    const recorder = new Recorder();
    const request = { ...batch, max_new_tokens: 12, logits_processor: [recorder.processor] };
    const sampling = { ...options, repetitionPenalty: 1.5, bannedTokens: [0] };
    const { output, texts } = await generate(model, request, sampling);
    expect(texts.map(({ seed }) => seed)).toEqual([11, 12, 13]);
    const rows = rowsOf(output);
    prompts.forEach((text, i) => {
      const sampler = new Sampler({ ...sampling, seed: 11 + i, endTokens: [0] });
      const drawn = recorder.drawn(sampler, tokenizer.encode(text), i, 3);
      expect(tokensOf(texts[i]!)).toEqual(drawn);
      expect(rows[i]!.slice(-12)).toEqual(drawn);
    });
  });

  it('keeps a text ended that has ended, and stops with the last', async () => {
    const batch = tokenizer(prompts, { padding: true });
    const length = (batch.input_ids as Tensor).dims[1]!;
    const sampling = { temperature: 1, logitBias: { 0: 9 }, seed: 4 };
    const { output, texts } = await generate(model, { ...batch, max_new_tokens: 300 }, sampling);
    const lengths = texts.map(({ steps }) => steps.length);
    expect(new Set(lengths).size).toBeGreaterThan(1);
    expect(texts.every(({ ended }) => ended)).toBe(true);
    const longest = Math.max(...lengths);
    expect(longest).toBeLessThan(300);
    rowsOf(output).forEach((row, i) => {
      const tokens = tokensOf(texts[i]!);
      const ends = new Array(longest - tokens.length).fill(0);
      expect(row.slice(length)).toEqual([...tokens, ...ends]);
    });
  });
});

describe('the model’s own configuration', () => {
  const config = {
    bos_token_id: 0,
    eos_token_id: [0, 17],
    temperature: 1.2,
    top_k: 30,
    repetition_penalty: 1.4,
    no_repeat_ngram_size: 2,
    bad_words_ids: [[390]],
    suppress_tokens: [259, 332],
    min_new_tokens: 5,
    max_new_tokens: 25,
  };

  it('counts as in kelvin, and not twice', async () => {
    const folder = variant({ 'generation_config.json': config });
    const configured = await load(folder);
    const recorder = new Recorder();
    const request = { ...inputs, logits_processor: [recorder.processor] };
    const { texts } = await generate(configured, request, { seed: 8 });
    const sampler = new Sampler({
      temperature: 1.2,
      topK: 30,
      repetitionPenalty: 1.4,
      noRepeatNgramSize: 2,
      badWords: [[390]],
      bannedTokens: [259, 332],
      endTokens: [0, 17],
      minNewTokens: 5,
      seed: 8,
    });
    expect(tokensOf(texts[0]!)).toEqual(recorder.drawn(sampler, prompt));
    // What comes to kelvin is what the model gave: transformers.js has not banned or penalised.
    const plain = new Recorder();
    const untouched = { ...inputs, max_new_tokens: 1, logits_processor: [plain.processor] };
    await generate(model, untouched);
    expect(recorder.rows[0]!.logits).toEqual(plain.rows[0]!.logits);
    const { texts: ended } = await generate(configured, request, {
      allowedTokens: [17, 5],
      seed: 1,
      temperature: 1,
      bannedTokens: [],
      topK: 0,
      noRepeatNgramSize: 0,
    });
    expect(ended[0]!.steps.at(-1)!.token).toBe(17);
    await configured.dispose();
  });

  it('is refused where it is wrong', async () => {
    const wrong = await load(variant({ 'generation_config.json': { top_p: 3 } }));
    await expect(generate(wrong, inputs)).rejects.toThrow(
      /generation_config\.json: top_p must be a number in \[0, 1\], got 3/,
    );
    await wrong.dispose();
  });
});

describe('what would not act is refused', () => {
  it.each([
    ['top_p', 0.9, "top_p must be absent here (topP among kelvin's options), got 0.9"],
    ['min_p', 0.1, "(minP among kelvin's options)"],
    ['temperature', 0.5, "(temperature among kelvin's options)"],
    ['do_sample', true, 'temperature 0'],
    ['bad_words_ids', [[1]], 'badWords'],
    ['eos_token_id', 3, 'endTokens'],
    ['num_beams', 2, 'one text of each prompt'],
    ['stop_strings', ['x'], 'transformers.js ignores it'],
    ['generation_config', { top_p: 1 }, 'its fields by themselves'],
  ])('%s', async (name, value, message) => {
    await expect(generate(model, { ...inputs, [name]: value })).rejects.toThrow(message);
  });

  it('and so are wrong options, and what is no model', async () => {
    const wrong = (options: object) => generate(model, inputs, options);
    await expect(wrong({ top_p: 0.9 })).rejects.toThrow(/unknown sampling option "top_p".*topP/);
    await expect(wrong({ topP: 2 })).rejects.toThrow('topP must be a number in [0, 1], got 2');
    await expect(wrong({ top: -1 })).rejects.toThrow('top must be an integer ≥ 0, got -1');
    await expect(generate({} as never, inputs)).rejects.toThrow('model must be a loaded model');
  });
});

describe('prepare', () => {
  it('has a pipeline sample with kelvin, once', async () => {
    const pipe = await pipeline('text-generation', story, RUN);
    const prepared = prepare(pipe.model, { ...options, top: 2 });
    const call = { max_new_tokens: 12, do_sample: true, ...prepared.request };
    const [first] = (await pipe(PROMPT, call)) as { generated_text: string }[];
    expect(prepared.texts[0]!.steps.length).toBe(12);
    // A pipeline gives its text no begin token.
    const bare = tokenizer(PROMPT, { add_special_tokens: false });
    const expected = await generate(model, { ...bare, max_new_tokens: 12 }, options);
    expect(tokensOf(prepared.texts[0]!)).toEqual(tokensOf(expected.texts[0]!));
    expect(first!.generated_text.startsWith(PROMPT)).toBe(true);
    await expect(pipe(PROMPT, call)).rejects.toThrow('a prepared request serves one call');
    await pipe.dispose();
  });
});
