import { z } from 'zod';
import type { Message } from '../tokenizer.ts';
import { type Client, Refusal } from './client.ts';
import { Completion, drawn, likeliest, type Named } from './completions.ts';
import {
  bytesOf,
  type Drawn,
  type Engine,
  type EngineFacts,
  type Finish,
  type Order,
  type Piece,
  shaped,
  type TokenEngine,
  type Told,
} from './engine.ts';
import { vllmFields } from './vllm-fields.ts';

const Tokens = z.object({ tokens: z.array(z.number().int()) });

/** What the texts of many models end with. */
const ENDS = [
  ...['</s>', '<|im_end|>', '<|eot_id|>', '<|end_of_text|>', '<|endoftext|>', '<end_of_turn>'],
  ...['<eos>', '<|end|>', '<|return|>', '<|eom_id|>', '<|endofprompt|>', '<｜end▁of▁sentence｜>'],
];
/** More candidates than it tells of, however it was started, and a token that there is not. */
const TOO_MANY = 2 ** 24;
const NO_TOKEN = 2 ** 31 - 1;
/** `--max-logprobs`, where it does not say. */
const USUAL = 20;
/** Requests for texts of single tokens. */
const AT_ONCE = 32;

/** vLLM: OpenAI's completions with ids for tokens, and its own routes for text. */
export class VllmEngine implements Engine, TokenEngine {
  readonly kind = 'vllm';
  readonly facts: EngineFacts;
  readonly tokens: TokenEngine = this;
  readonly #client: Client;
  readonly #pieces = new Map<number, Piece>();

  private constructor(client: Client, facts: EngineFacts) {
    this.#client = client;
    this.facts = facts;
  }

  static async open(
    client: Client,
    model: string,
    contextLength: number | undefined,
  ): Promise<VllmEngine> {
    const tokenize = async (body: object) =>
      shaped(Tokens, await client.ask('/tokenize', { model, ...body }), '/tokenize').tokens;
    const plain = await tokenize({ prompt: 'a', add_special_tokens: false });
    const begins = await tokenize({ prompt: 'a' });
    const complete = (body: object) =>
      client.ask('/v1/completions', { model, prompt: begins, max_tokens: 1, ...body });
    // What it does not tell by itself, it says as it refuses.
    const said = async (body: object, pattern: RegExp) => {
      const message = await complete(body).then(
        () => '',
        (cause: unknown) => {
          if (cause instanceof Refusal && cause.status === 400) return cause.message;
          throw cause;
        },
      );
      const [, number] = pattern.exec(message) ?? [];
      return number === undefined ? undefined : Number(number);
    };
    const most = await said({ logprobs: TOO_MANY }, /max allowed: (\d+)/);
    const vocabulary = await said({ logit_bias: { [NO_TOKEN]: 1 } }, /[Vv]ocabulary size:? (\d+)/);
    const isEnd = async (text: string) => {
      const [token, ...others] = await tokenize({ prompt: text, add_special_tokens: false });
      if (token === undefined || others.length > 0) return [];
      const answer = await complete({ allowed_token_ids: [token] }).catch(() => undefined);
      const { data } = Completion.safeParse(answer);
      return data?.choices[0]?.finish_reason === 'stop' ? [token] : [];
    };
    const chat = await tokenize({ messages: [{ role: 'user', content: 'a' }] }).then(
      () => true,
      () => false,
    );
    const facts: EngineFacts = {
      model,
      vocabularySize: vocabulary || undefined,
      contextLength: contextLength && contextLength - 1,
      beginToken: begins.length > plain.length ? begins[0] : undefined,
      endTokens: (await Promise.all(ENDS.map(isEnd))).flat(),
      mostTop: most || USUAL,
      chat,
    };
    return new VllmEngine(client, facts);
  }

  async tokenize(text: string, signal?: AbortSignal): Promise<readonly number[]> {
    return this.#tokens({ prompt: text, add_special_tokens: true }, signal);
  }

  async template(messages: readonly Message[], signal?: AbortSignal): Promise<readonly number[]> {
    return this.#tokens({ messages, add_generation_prompt: true }, signal);
  }

  async pieces(tokens: readonly number[], signal?: AbortSignal): Promise<readonly Piece[]> {
    const unknown = [...new Set(tokens)].filter((token) => !this.#pieces.has(token));
    const one = async (token: number) =>
      this.#pieces.set(token, { token, bytes: bytesOf(await this.text([token], signal)) });
    // Each by itself, as the text of several cannot be told apart.
    for (let i = 0; i < unknown.length; i += AT_ONCE)
      await Promise.all(unknown.slice(i, i + AT_ONCE).map(one));
    return [...new Set(tokens)].map((token) => this.#pieces.get(token)!);
  }

  async text(tokens: readonly number[], signal?: AbortSignal): Promise<string> {
    const body = { model: this.facts.model, tokens };
    const answer = await this.#client.ask('/detokenize', body, signal);
    return shaped(z.object({ prompt: z.string() }), answer, '/detokenize').prompt;
  }

  async next(
    prompt: readonly number[],
    count: number,
    signal?: AbortSignal,
  ): Promise<readonly Told[]> {
    const body = { ...this.#asked(prompt, 1, count), ...NEUTRAL };
    const answer = shaped(
      Completion,
      await this.#client.ask('/v1/completions', body, signal),
      '/v1/completions',
    );
    return likeliest(answer.choices[0]?.logprobs?.top_logprobs?.[0], count, named);
  }

  write(order: Order, signal: AbortSignal): AsyncGenerator<Drawn, Finish> {
    const body = {
      ...this.#asked(order.prompt, order.maxTokens, order.top),
      ...vllmFields(order),
      stream: true,
    };
    return drawn(this.#client.stream('/v1/completions', body, signal), order.top, named);
  }

  #asked(prompt: string | readonly number[], maxTokens: number, top: number) {
    return {
      ...{ model: this.facts.model, prompt, max_tokens: maxTokens, logprobs: top },
      // Else tokens are told by their texts, which several may share.
      return_tokens_as_token_ids: true,
    };
  }

  async #tokens(body: object, signal?: AbortSignal): Promise<readonly number[]> {
    const answer = await this.#client.ask(
      '/tokenize',
      { model: this.facts.model, ...body },
      signal,
    );
    return shaped(Tokens, answer, '/tokenize').tokens;
  }
}

/** So that logprobs are the model's own, even of one that tells of processed ones. */
const NEUTRAL = {
  ...{ temperature: 1, top_p: 1, top_k: -1, min_p: 0 },
  ...{ repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 },
};

const named: Named = (name, logprob) => ({
  token: Number(name.replace('token_id:', '')),
  logprob,
  bytes: undefined,
});
