import { z } from 'zod';
import type { Message } from '../tokenizer.ts';
import type { Client } from './client.ts';
import {
  brokenOff,
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
import { llamaFields } from './llama-fields.ts';

const bytes = z.array(z.number().int().min(0).max(255));
const candidate = z.object({ id: z.number().int().nonnegative(), logprob: z.number(), bytes });
const drawn = candidate.extend({ top_logprobs: z.array(candidate) });
const Next = z.object({ completion_probabilities: z.array(drawn).min(1) });
const Chunk = z.object({
  content: z.string(),
  stop: z.boolean(),
  stop_type: z.string().optional(),
  completion_probabilities: z.array(drawn).optional(),
});
const Pieces = z.object({
  tokens: z.array(z.object({ id: z.number().int(), piece: z.union([z.string(), bytes]) })),
});
const Ids = z.object({ tokens: z.array(z.number().int()) });
const Settings = z.object({
  generation_settings: z.object({ logit_bias: z.array(z.object({ token: z.number().int() })) }),
});

/** Of `/props`. */
export const Props = z.object({
  default_generation_settings: z.object({ n_ctx: z.number().int().positive().optional() }),
  chat_template: z.string().optional(),
});

/** The server of llama.cpp: its own routes, which tell of tokens what OpenAI's do not. */
export class LlamaEngine implements Engine, TokenEngine {
  readonly kind = 'llama.cpp';
  readonly facts: EngineFacts;
  readonly tokens: TokenEngine = this;
  readonly #client: Client;
  /** A token of plain text. */
  readonly #plain: number;
  readonly #pieces = new Map<number, Piece>();

  private constructor(client: Client, facts: EngineFacts, plain: number) {
    this.#client = client;
    this.facts = facts;
    this.#plain = plain;
  }

  /** @param meta what `/v1/models` says of the model */
  static async open(
    client: Client,
    model: string,
    props: z.infer<typeof Props>,
    meta: { readonly n_vocab?: number | undefined; readonly n_ctx_train?: number | undefined },
  ): Promise<LlamaEngine> {
    const tokenize = async (content: string, add_special: boolean) =>
      shaped(Ids, await client.ask('/tokenize', { content, add_special }), '/tokenize').tokens;
    const [begin] = await tokenize('', true);
    const [plain = 0] = (await tokenize('a', false)).slice(-1);
    // Asked to write on behind the end, it tells which tokens it bans for that.
    const settings = await client.ask('/completion', {
      ...{ prompt: [begin ?? plain], n_predict: 1, ignore_eos: true, cache_prompt: true },
    });
    const ends = shaped(Settings, settings, '/completion').generation_settings.logit_bias;
    const context = props.default_generation_settings.n_ctx ?? meta.n_ctx_train;
    const facts: EngineFacts = {
      model,
      vocabularySize: meta.n_vocab,
      contextLength: context && context - 1,
      beginToken: begin,
      endTokens: ends.map(({ token }) => token),
      mostTop: meta.n_vocab ?? MOST_TOP,
      chat: !!props.chat_template,
    };
    return new LlamaEngine(client, facts, plain);
  }

  async tokenize(text: string, signal?: AbortSignal): Promise<readonly number[]> {
    const body = { content: text, add_special: true, with_pieces: true };
    const { tokens } = shaped(
      Pieces,
      await this.#client.ask('/tokenize', body, signal),
      '/tokenize',
    );
    for (const { id, piece } of tokens)
      this.#pieces.set(id, {
        token: id,
        bytes: typeof piece === 'string' ? bytesOf(piece) : Uint8Array.from(piece),
      });
    return tokens.map(({ id }) => id);
  }

  async template(messages: readonly Message[], signal?: AbortSignal): Promise<readonly number[]> {
    const answer = await this.#client.ask('/apply-template', { messages }, signal);
    const { prompt } = shaped(z.object({ prompt: z.string() }), answer, '/apply-template');
    return this.tokenize(prompt, signal);
  }

  async pieces(tokens: readonly number[], signal?: AbortSignal): Promise<readonly Piece[]> {
    const textOf = async (tokens: readonly number[]) => {
      const answer = await this.#client.ask('/detokenize', { tokens }, signal);
      return shaped(z.object({ content: z.string() }), answer, '/detokenize').content;
    };
    // A part of a character has no text; the whole has, and is told back in its parts.
    if (tokens.some((token) => !this.#pieces.has(token)))
      await this.tokenize(await textOf(tokens), signal);
    return Promise.all(
      [...new Set(tokens)].map(
        async (token) =>
          this.#pieces.get(token) ?? { token, bytes: bytesOf(await textOf([token])) },
      ),
    );
  }

  async next(
    prompt: readonly number[],
    count: number,
    signal?: AbortSignal,
  ): Promise<readonly Told[]> {
    const answer = await this.#client.ask(
      '/completion',
      {
        ...{ prompt, n_predict: 1, n_probs: count, post_sampling_probs: false, stream: false },
        ...{ cache_prompt: true, return_tokens: true },
        // What it draws itself does not matter, and where that is no whole character or an end it
        // tells of nothing: so that it is plain text. No bias is in what it tells.
        ...{ logit_bias: [[this.#plain, 1e4]], samplers: ['top_k'], top_k: 1 },
      },
      signal,
    );
    return shaped(Next, answer, '/completion').completion_probabilities[0]!.top_logprobs.map(
      toldOf,
    );
  }

  async *write(order: Order, signal: AbortSignal): AsyncGenerator<Drawn, Finish> {
    const body = {
      ...{ prompt: order.prompt, n_predict: order.maxTokens, stream: true, cache_prompt: true },
      // Without candidates it would not tell of the token itself.
      ...{ n_probs: Math.max(1, order.top), post_sampling_probs: false, return_tokens: true },
      ...llamaFields(order),
    };
    for await (const event of this.#client.stream('/completion', body, signal)) {
      const {
        content,
        stop,
        stop_type,
        completion_probabilities: told = [],
      } = shaped(Chunk, event, '/completion');
      for (const [i, { top_logprobs, ...one }] of told.entries()) {
        const text = i === told.length - 1 ? content : '';
        yield { ...toldOf(one), text, top: top_logprobs.slice(0, order.top).map(toldOf) };
      }
      if (stop) return stop_type === 'eos' ? 'end' : 'length';
    }
    throw brokenOff('/completion');
  }
}

/** Where the size of the vocabulary is not told. */
const MOST_TOP = 1024;

const toldOf = ({ id, logprob, bytes }: z.infer<typeof candidate>): Told => ({
  token: id,
  logprob,
  bytes: Uint8Array.from(bytes),
});
