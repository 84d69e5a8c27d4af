import { setTimeout as sleep } from 'node:timers/promises';
import { KelvinError } from '../../sampling/error.ts';
import { reason } from '../reason.ts';
import type { Address } from './address.ts';

/** As long as an answer may take to begin and to come: a long prompt is read within it. */
const LONGEST_MS = 300_000;
/** No answer is as large: 152,000 candidates of 100 bytes are 15 MB. */
const MOST_BYTES = 64 * 2 ** 20;
const TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const HOPS = 3;
/** Not acceptable: as a status for what is no JSON. */
const NO_JSON = 406;

/** An engine that answered, but not what was asked. */
export class Refusal extends KelvinError {
  readonly status: number;

  constructor(status: number, message: string) {
    super('ENGINE_FAILED', message);
    this.status = status;
  }
}

/** Asks an engine over HTTP. */
export class Client {
  readonly #address: Address;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param key goes to the address's own host and nowhere else */
  constructor(address: Address, key: string | undefined) {
    this.#address = address;
    this.#headers = {
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    };
  }

  /**
   * What the engine answers. One that is busy, or still loads its model, is asked again for a while.
   *
   * @param path OpenAI's routes begin with `/v1/`
   * @param body what is posted; absent to get
   * @throws KelvinError `ENGINE_UNREACHABLE`; `ENGINE_FAILED` with what the engine says; the
   *   signal's reason
   */
  async ask(path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
    const url = this.#url(path);
    const text = await this.#request(url, body, signal, readText);
    try {
      return JSON.parse(text);
    } catch {
      throw new Refusal(NO_JSON, `${url.href} must answer JSON, got ${excerpt(text)}`);
    }
  }

  /**
   * The events of a stream, each parsed.
   *
   * @throws KelvinError as {@link Client.ask}, and where the stream breaks off before it has ended
   */
  async *stream(path: string, body: object, signal: AbortSignal): AsyncGenerator<unknown, void> {
    const url = this.#url(path);
    const response = await this.#request(url, body, signal, async (response) => response);
    const text = response.body!.pipeThrough(new TextDecoderStream());
    let rest = '';
    try {
      for await (const piece of text) {
        const lines = (rest + piece).split(/\r?\n/);
        rest = lines.pop()!;
        if (rest.length > MOST_BYTES) throw new Error('a line is too long');
        for (const line of lines) {
          const [, field, data] = /^(data|error): ?(.*)$/.exec(line) ?? [];
          if (data === undefined) continue;
          if (data === '[DONE]') return;
          const event: unknown = JSON.parse(data);
          const failure = messageOf(event);
          if (field === 'error' || failure !== undefined)
            throw new Refusal(200, `${url.href}: ${failure ?? excerpt(data)}`);
          yield event;
        }
      }
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof KelvinError) throw cause;
      throw new KelvinError('ENGINE_FAILED', `${url.href} broke off: ${innermost(cause)}`, {
        cause,
      });
    }
  }

  #url(path: string): URL {
    const { base, root } = this.#address;
    return new URL(path.startsWith('/v1/') ? base + path.slice(3) : root + path);
  }

  async #request<T>(
    url: URL,
    body: object | undefined,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#patiently(url, signal, async (patience) => {
        const response = await this.#send(url, body, patience);
        return response.ok
          ? ({ isOk: true, value: await read(response) } as const)
          : ({ isOk: false, response, text: await readText(response) } as const);
      });
      if (answer.isOk) return answer.value;
      const { response, text } = answer;
      const after = retryAfter(response) ?? FIRST_PAUSE_MS * 2 ** (tries - 1);
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || tries === TRIES || after > LONGEST_PAUSE_MS)
        throw new Refusal(
          response.status,
          `${url.href} answered ${response.status}: ${refusalOf(text)}`,
        );
      await sleep(after, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }

  async #send(from: URL, body: object | undefined, signal: AbortSignal): Promise<Response> {
    let url = from;
    for (let hops = 0; hops <= HOPS; hops += 1) {
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        headers: this.#headers,
        body: body ? JSON.stringify(body) : null,
        redirect: 'manual',
        signal,
      });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) return response;
      await response.body?.cancel();
      url = new URL(location, url);
      // Prompts and keys were meant for that host.
      if (url.origin !== from.origin)
        throw new Refusal(
          response.status,
          `${from.href} sends one on to ${url.origin}, which was not asked for`,
        );
    }
    throw new Refusal(310, `${from.href} sends one on and on`);
  }

  /** Waits for an answer as long as is reasonable; a stream may go on for longer. */
  async #patiently<T>(
    url: URL,
    signal: AbortSignal | undefined,
    work: (patience: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), LONGEST_MS);
    try {
      return await work(signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof KelvinError) throw cause;
      const why = timeout.signal.aborted ? `no answer in ${LONGEST_MS / 1000} s` : innermost(cause);
      throw new KelvinError('ENGINE_UNREACHABLE', `${url.origin} cannot be reached: ${why}`, {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MOST_BYTES)
      throw new Refusal(response.status, `${response.url} answers more than ${MOST_BYTES} bytes`);
  }
  return text + decoder.decode();
}

/** In milliseconds, of seconds or a date. */
function retryAfter({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** What an error object says: OpenAI's, llama.cpp's and FastAPI's, which vLLM is made with. */
function messageOf(answer: unknown): string | undefined {
  const { error, detail, object, message } = (answer ?? {}) as Record<string, unknown>;
  const inner = (error as { message?: unknown } | undefined)?.message ?? error ?? detail;
  const said = object === 'error' ? message : inner;
  if (said === undefined || said === null) return undefined;
  return typeof said === 'string' ? said : JSON.stringify(said);
}

function refusalOf(text: string): string {
  try {
    return messageOf(JSON.parse(text)) ?? excerpt(text);
  } catch {
    return excerpt(text);
  }
}

export const excerpt = (text: string): string =>
  JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** What a failed fetch says of itself is "fetch failed"; the causes below say why. */
function innermost(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  if (inner instanceof AggregateError) return innermost(inner.errors[0]);
  return inner === undefined ? reason(cause) : innermost(inner);
}
