import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LocalModel } from '../../src/model/local-model.ts';
import { logSoftmax } from '../../src/sampling/index.ts';

/** A model with what an engine knows of it. */
export interface Served {
  readonly model: LocalModel;
  /** The bytes of each token. */
  readonly bytes: readonly Uint8Array[];
  /** Log-probabilities of what follows a prompt, in Float32 as engines compute them. */
  logprobs(prompt: readonly number[]): Promise<Float32Array>;
}

/** The characters that byte-level vocabularies write bytes with, by their order. */
const ALPHABET = new Map(
  (() => {
    const plain = [...Array(256).keys()].filter(
      (b) => (b > 32 && b < 127) || (b > 160 && b !== 173),
    );
    const others = [...Array(256).keys()].filter((b) => !plain.includes(b));
    return [
      ...plain.map((b) => [String.fromCharCode(b), b] as const),
      ...others.map((b, i) => [String.fromCharCode(256 + i), b] as const),
    ];
  })(),
);

export async function serve(folder?: string): Promise<Served> {
  const model = await LocalModel.open(folder);
  const { model: bpe, added_tokens } = JSON.parse(
    readFileSync(join(model.info.path, 'tokenizer.json'), 'utf8'),
  ) as { model: { vocab: Record<string, number> }; added_tokens: { id: number }[] };
  const bytes: Uint8Array[] = [];
  for (const [piece, id] of Object.entries(bpe.vocab))
    bytes[id] = Uint8Array.from(piece, (character) => ALPHABET.get(character) ?? 63);
  // llama.cpp tells special tokens as nothing.
  for (const { id } of added_tokens) bytes[id] = new Uint8Array();
  let turn: Promise<unknown> = Promise.resolve();
  // As engines do, it reads again only what is new.
  const sequence = model.lonelySequence();
  const row = async (prompt: readonly number[]) => {
    const differs = prompt.findIndex((token, i) => sequence.tokens[i] !== token);
    const shared = differs === -1 ? prompt.length : differs;
    sequence.truncate(Math.min(shared, prompt.length - 1));
    const logits = await sequence.decode(prompt.slice(sequence.length));
    return Float32Array.from(logSoftmax(logits));
  };
  return {
    model,
    bytes,
    logprobs(prompt) {
      const mine = turn.then(() => row(prompt));
      turn = mine.catch(() => {});
      return mine;
    },
  };
}

/** The ids of the likeliest tokens, likeliest first. */
export const likeliest = (logprobs: Float32Array, count: number): number[] =>
  [...logprobs.keys()].sort((a, b) => logprobs[b]! - logprobs[a]!).slice(0, count);

interface Asked {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever was sent
  readonly body: any;
  readonly authorization: string | undefined;
}

/** Answers before the engine does; false to leave it to the engine. */
export type Trouble = (asked: Asked, response: ServerResponse) => boolean | Promise<boolean>;

export interface Fake {
  readonly url: string;
  /** What was asked so far. */
  readonly asked: Asked[];
  trouble: Trouble | undefined;
  close(): Promise<void>;
}

/** An answer: an object is JSON, a generator a stream of events. */
type Answer = object | AsyncGenerator<object, void>;
/** What answers at a path; a thrown {@link Refused} is an error of the engine's. */
export type Routes = Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>>;

export class Refused extends Error {
  readonly status: number;
  readonly body: object;
  constructor(status: number, body: object) {
    super();
    this.status = status;
    this.body = body;
  }
}

/** An HTTP server on a free port. */
export async function listen(routes: Routes): Promise<Fake> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const { method = '', url = '', headers } = request;
    const one: Asked = {
      ...{ method, path: url, body: text === '' ? undefined : JSON.parse(text) },
      authorization: headers.authorization,
    };
    asked.push(one);
    try {
      if (await fake.trouble?.(one, response)) return;
      const route = routes[url];
      if (!route) throw new Refused(404, { error: { code: 404, message: 'File Not Found' } });
      const answer = await route(one);
      if (!(Symbol.asyncIterator in answer)) return json(response, 200, answer);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for await (const event of answer as AsyncGenerator<object>) {
        if (response.destroyed) return;
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
      response.end('data: [DONE]\n\n');
    } catch (cause) {
      if (cause instanceof Refused) json(response, cause.status, cause.body);
      else json(response, 500, { error: { message: String(cause) } });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: Fake = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    trouble: undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
}

/** Everything of an iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
