import type { z } from 'zod';
import { KelvinError } from '../../sampling/error.ts';
import type { SamplingOptions } from '../../sampling/index.ts';
import type { Message } from '../tokenizer.ts';
import { excerpt } from './client.ts';

export type EngineKind = 'llama.cpp' | 'vllm' | 'openai';

/** A token as an engine tells of it. */
export interface Piece {
  readonly token: number;
  readonly bytes: Uint8Array;
}

/** One of the likeliest tokens, under the model alone. */
export interface Told {
  readonly token: number;
  /** undefined where the engine does not say; see {@link TokenEngine.pieces}. */
  readonly bytes: Uint8Array | undefined;
  readonly logprob: number;
}

/** A token that an engine drew. */
export interface Drawn extends Told {
  /** The text that came with it: its own, or what it completes. */
  readonly text: string;
  readonly top: readonly Told[];
}

/** Why an engine wrote no more. */
export type Finish = 'end' | 'length';

/** What an engine says of its model. */
export interface EngineFacts {
  readonly model: string;
  /** undefined where it does not say. */
  readonly vocabularySize: number | undefined;
  /** The most tokens that a prompt may have: engines keep room for one to be drawn. */
  readonly contextLength: number | undefined;
  readonly beginToken: number | undefined;
  readonly endTokens: readonly number[];
  /** The most candidates that it tells of. */
  readonly mostTop: number;
  /** Whether messages can be made tokens. */
  readonly chat: boolean;
}

/** What an engine is asked to write. */
export interface Order {
  readonly prompt: string | readonly number[];
  readonly maxTokens: number;
  /** Effective values, the seed included. */
  readonly sampling: SamplingOptions;
  /** The stages of the chain in order, those that do something. */
  readonly chain: readonly string[];
  /** How many candidates to tell of. */
  readonly top: number;
}

/** Something that samples by itself. */
export interface Engine {
  readonly kind: EngineKind;
  readonly facts: EngineFacts;
  /** Its tokens have ids, and can be made of a text and be made text. */
  readonly tokens: TokenEngine | undefined;
  /**
   * Writes on, token by token, and says why it wrote no more.
   *
   * @throws KelvinError `INVALID_OPTION` for an option that the engine has no name for, before
   *   anything is sent
   */
  write(order: Order, signal: AbortSignal): AsyncGenerator<Drawn, Finish>;
}

/** Something whose distributions can be sampled from elsewhere. */
export interface TokenEngine {
  tokenize(text: string, signal?: AbortSignal): Promise<readonly number[]>;
  template(messages: readonly Message[], signal?: AbortSignal): Promise<readonly number[]>;
  /** The bytes of tokens. */
  pieces(tokens: readonly number[], signal?: AbortSignal): Promise<readonly Piece[]>;
  /**
   * The text of tokens in a row, of engines that tell of texts and not of bytes: a token that is part of
   * a character has none by itself.
   */
  text?(tokens: readonly number[], signal?: AbortSignal): Promise<string>;
  /** The likeliest tokens after a prompt, in no order. */
  next(prompt: readonly number[], count: number, signal?: AbortSignal): Promise<readonly Told[]>;
}

/** @throws KelvinError `ENGINE_FAILED` for an answer that is not of its shape */
export function shaped<T>(schema: z.ZodType<T>, answer: unknown, path: string): T {
  const { success, data, error } = schema.safeParse(answer);
  if (success) return data;
  const [issue] = error.issues;
  throw new KelvinError(
    'ENGINE_FAILED',
    `${path}: ${issue!.path.join('.') || 'the answer'} is not what this engine answers (${issue!.message}), got ${excerpt(JSON.stringify(answer))}`,
  );
}

const encoder = new TextEncoder();
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

export const brokenOff = (path: string): KelvinError =>
  new KelvinError('ENGINE_FAILED', `${path} broke off before it had ended`);
