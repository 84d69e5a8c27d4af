import { type Client, Refusal } from './client.ts';
import { Completion, drawn } from './completions.ts';
import {
  bytesOf,
  type Drawn,
  type Engine,
  type EngineFacts,
  type Finish,
  type Order,
  shaped,
  type Told,
} from './engine.ts';
import { fieldsOf, type Names, told } from './fields.ts';

const NAMES: Names = {
  temperature: (value) => ({ temperature: told('openai', 'temperature', value, 2) }),
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  seed: 'seed',
};

/** How many candidates such engines tell of: kelvin's own, most, and OpenAI. */
const TOPS = [20, 5, 1];

/**
 * Any engine with OpenAI's completions and log-probabilities. Its tokens have no ids: they are
 * numbered as they appear.
 */
export class OpenAIEngine implements Engine {
  readonly kind = 'openai';
  readonly facts: EngineFacts;
  readonly tokens = undefined;
  readonly #client: Client;
  readonly #numbers = new Map<string, number>();

  private constructor(client: Client, facts: EngineFacts) {
    this.#client = client;
    this.facts = facts;
  }

  /** @throws KelvinError `ENGINE_FAILED` where it tells of no log-probabilities */
  static async open(
    client: Client,
    model: string,
    contextLength: number | undefined,
  ): Promise<OpenAIEngine> {
    let mostTop = 0;
    for (const top of TOPS) {
      const body = { model, prompt: 'a', max_tokens: 1, logprobs: top };
      const answer = await client.ask('/v1/completions', body).catch((cause: unknown) => {
        if (cause instanceof Refusal && cause.status === 400 && top > 1) return undefined;
        throw cause;
      });
      if (answer === undefined) continue;
      const { choices } = shaped(Completion, answer, '/v1/completions');
      if (!choices[0]?.logprobs)
        throw new Refusal(200, `${model} is served without log-probabilities, which are needed`);
      mostTop = top;
      break;
    }
    return new OpenAIEngine(client, {
      ...{ model, contextLength, mostTop, chat: false },
      ...{ vocabularySize: undefined, beginToken: undefined, endTokens: [] },
    });
  }

  write(order: Order, signal: AbortSignal): AsyncGenerator<Drawn, Finish> {
    const { model } = this.facts;
    const body = {
      ...{ model, prompt: order.prompt, max_tokens: order.maxTokens, stream: true },
      ...{ logprobs: order.top, ...fieldsOf('openai', order.sampling, NAMES) },
    };
    const events = this.#client.stream('/v1/completions', body, signal);
    return drawn(events, order.top, (text, logprob) => this.#told(text, logprob));
  }

  #told(text: string, logprob: number): Told {
    const token = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, token);
    return { token, logprob, bytes: bytesOf(text) };
  }
}
