import { KelvinError } from '../../sampling/error.ts';
import type { TextTokenizer } from '../text-model.ts';
import type { Message } from '../tokenizer.ts';
import type { Engine, Piece, TokenEngine } from './engine.ts';
import { Joined } from './joined.ts';

/** The tokenizer of an engine: it asks for what it has not been told yet. */
export class RemoteTokenizer implements TextTokenizer {
  readonly template: TextTokenizer['template'];
  readonly #engine: Engine;
  readonly #bytes = new Map<number, Uint8Array>();
  readonly #special: ReadonlySet<number>;
  readonly #joined: Joined | undefined;

  constructor(engine: Engine) {
    const { beginToken, chat, endTokens } = engine.facts;
    this.#engine = engine;
    this.#special = new Set([...endTokens, ...(beginToken === undefined ? [] : [beginToken])]);
    const { tokens } = engine;
    this.#joined = tokens?.text && new Joined((run, signal) => tokens.text!(run, signal));
    this.template = chat
      ? async (messages: readonly Message[]) => [...(await this.#tokens.template(messages))]
      : undefined;
  }

  async encode(text: string): Promise<number[]> {
    return [...(await this.#tokens.tokenize(text))];
  }

  async learn(tokens: readonly number[], signal?: AbortSignal): Promise<void> {
    await this.learnEach(tokens, signal);
    await this.#joined?.learn(tokens, (token) => this.label(token).includes('\uFFFD'), signal);
  }

  /** Of tokens that do not stand in a row. */
  async learnEach(tokens: readonly number[], signal?: AbortSignal): Promise<void> {
    if (tokens.every((token) => this.#bytes.has(token))) return;
    for (const piece of await this.#tokens.pieces(tokens, signal)) this.know(piece);
  }

  know({ token, bytes }: Piece): void {
    this.#bytes.set(token, bytes);
  }

  /** Text of token ids; U+FFFD where bytes make no character, and for a token nobody asked about. */
  decode = (tokens: readonly number[]): string => {
    const bytes: number[] = [];
    const plain = tokens.filter((token) => !this.#special.has(token));
    for (let i = 0; i < plain.length; ) {
      const joined = this.#joined?.at(plain, i);
      bytes.push(...(joined?.bytes ?? this.#bytes.get(plain[i]!) ?? REPLACEMENT));
      i += joined?.length ?? 1;
    }
    return decoder.decode(Uint8Array.from(bytes));
  };

  label = (token: number): string => {
    const text = decoder.decode(this.#bytes.get(token) ?? new Uint8Array());
    return text === '' ? `<${token}>` : text;
  };

  get #tokens(): TokenEngine {
    const { tokens, facts, kind } = this.#engine;
    if (tokens) return tokens;
    throw new KelvinError(
      'MODEL_UNSUPPORTED',
      `${facts.model}: an engine of the kind ${kind} does not tell the tokens of a text`,
    );
  }
}

const decoder = new TextDecoder();
const REPLACEMENT = new TextEncoder().encode('\uFFFD');
