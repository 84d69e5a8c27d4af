import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { ROWS } from './graph/edit.ts';
import type { Padding } from './graph/padding.ts';
import { floatsFromHalves } from './half.ts';
import { Lanes } from './lanes.ts';
import { reason } from './reason.ts';
import type { Signature } from './signature.ts';
import { type Group, gather, Text } from './text.ts';
import type { IdRange } from './unused-ids.ts';
import { WholeCache } from './whole-cache.ts';

type Ort = typeof import('onnxruntime-node');

/** Runs native work; see ExitGate. */
export type Guard = <T>(work: () => Promise<T>) => Promise<T>;

interface DecoderOptions {
  readonly padding?: Padding;
  readonly batches?: boolean;
  readonly contextLength?: number | undefined;
  readonly unusedIds?: readonly IdRange[];
  readonly guard?: Guard | undefined;
}

/** More gain little, and wait for each other. */
const LARGEST_BATCH = 16;

/** Which logits are wanted: those after the last token, after each token, or none. */
type Wanted = 'last' | 'each' | 'none';

/** What a text asks for. */
export interface Ask {
  readonly wanted: Wanted;
  /** Not in the company of others, in which the last bits of logits may be different. */
  readonly isAlone?: boolean;
  /** Takes the tokens back as long as they wait. */
  readonly signal?: AbortSignal | undefined;
}

interface Job {
  readonly text: Text;
  readonly tokens: readonly number[];
  readonly wanted: Wanted;
  readonly signal: AbortSignal | undefined;
  /** As it asked, or because it failed in the company of others. */
  isAlone: boolean;
  resolve(rows: readonly Float32Array[]): void;
  reject(error: unknown): void;
}

/** Runs a decoder graph for many texts: those that wait for one token each go through together. */
export class Decoder {
  readonly signature: Signature;
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #padding: Padding;
  readonly #contextLength: number;
  readonly #batches: boolean;
  readonly #unusedIds: readonly IdRange[];
  readonly #guard: Guard;
  #jobs: Job[] = [];
  #isRunning = false;
  /** Whether the last run was one of single tokens. */
  #wentStep = false;

  /**
   * @param batches whether texts may share a run
   * @param unusedIds have no chance, whatever the graph says of them
   * @param guard has native code run, or not any more
   */
  constructor(
    ort: Ort,
    session: InferenceSession,
    signature: Signature,
    {
      padding = 'none',
      batches = false,
      contextLength = Number.POSITIVE_INFINITY,
      unusedIds = [],
      guard = (work) => work(),
    }: DecoderOptions = {},
  ) {
    this.#ort = ort;
    this.#session = session;
    this.signature = signature;
    this.#padding = padding;
    this.#contextLength = contextLength;
    this.#batches = batches && padding !== 'none' && signature.batches;
    this.#unusedIds = unusedIds;
    this.#guard = guard;
  }

  /** An empty text. */
  text(): Text {
    const { cache } = this.signature;
    if (this.#padding === 'none') return new Text(new WholeCache(this.#ort, cache));
    const lanes = new Lanes(this.#ort, cache, this.#padding, this.#contextLength);
    lanes.open();
    return new Text(lanes);
  }

  /**
   * Appends tokens to a text.
   *
   * @returns the logits that are wanted, a row for each token or one
   * @throws KelvinError `MODEL_FILE` where the graph fails to run; the text is as it was
   */
  append(
    text: Text,
    tokens: readonly number[],
    { wanted, isAlone = false, signal }: Ask,
  ): Promise<readonly Float32Array[]> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ text, tokens, wanted, isAlone, signal, resolve, reject });
      if (this.#isRunning) return;
      this.#isRunning = true;
      // Not before everybody has asked who is asking now.
      queueMicrotask(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      this.#dropAborted();
      if (this.#jobs.length === 0) break;
      const jobs = this.#next();
      try {
        const rows = await this.#run(gather(jobs.map(({ text }) => text)), jobs);
        for (const job of jobs) job.resolve(rows[job.text.lane] ?? []);
      } catch (cause) {
        this.#fail(jobs, cause);
      }
      // Whoever was just served asks again, and goes on together with those that wait.
      if (this.#jobs.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#isRunning = false;
  }

  #dropAborted(): void {
    for (const { signal, reject } of this.#jobs) if (signal?.aborted) reject(signal.reason);
    this.#jobs = this.#jobs.filter(({ signal }) => !signal?.aborted);
  }

  /** One's failure is no other's: who failed in company tries again alone. */
  #fail(jobs: readonly Job[], cause: unknown): void {
    if (jobs.length > 1) {
      for (const job of jobs) job.isAlone = true;
      this.#jobs.unshift(...jobs);
      return;
    }
    const error = new KelvinError('MODEL_FILE', `${this.signature.path}: ${reason(cause)}`, {
      cause,
    });
    for (const job of jobs) job.reject(error);
  }

  /** The jobs of the next run: single tokens together, and in turn with them a piece of a prompt. */
  #next(): readonly Job[] {
    const steps = this.#jobs.filter(({ tokens }) => tokens.length === 1);
    const pieces = this.#jobs.filter(({ tokens }) => tokens.length > 1);
    const isPiece = steps.length === 0 || (pieces.length > 0 && this.#wentStep);
    this.#wentStep = !isPiece;
    const together = isPiece ? pieces.slice(0, 1) : this.#together(steps);
    this.#jobs = this.#jobs.filter((job) => !together.includes(job));
    return together;
  }

  /** Whole groups of texts, as far as they fit, so that nobody is copied without need. */
  #together(steps: readonly Job[]): readonly Job[] {
    if (!this.#batches || steps[0]!.isAlone) return steps.slice(0, 1);
    const groups = new Map<Group, Job[]>();
    for (const job of steps) {
      const { group } = job.text;
      if (!job.isAlone) groups.set(group, [...(groups.get(group) ?? []), job]);
    }
    const together: Job[] = [];
    for (const jobs of groups.values())
      if (together.length + jobs.length <= LARGEST_BATCH) together.push(...jobs);
    return together;
  }

  /** @returns the rows of logits of each lane */
  async #run({ cache, texts }: Group, jobs: readonly Job[]): Promise<Float32Array[][]> {
    const count = jobs[0]!.tokens.length;
    const added = texts.map((text) => jobs.find((job) => job.text === text)!.tokens);
    // A graph without a cache reads the whole text again.
    const fresh = texts.map(({ tokens }, lane) => [
      ...tokens.slice(cache.length(lane)),
      ...added[lane]!,
    ]);
    // Several go together for one token each, whose logits they all want.
    const rows = { last: 1, each: count, none: 0 }[jobs[0]!.wanted];
    const outputs = await this.#guard(() => this.#session.run(this.#feeds(cache, fresh, rows)));
    cache.keep(outputs, count);
    for (const { text, tokens } of jobs) for (const token of tokens) text.tokens.push(token);
    const logits = rowsOf(outputs.logits!, texts.length, rows);
    for (const row of logits.flat())
      for (const [from, to] of this.#unusedIds) row.fill(Number.NEGATIVE_INFINITY, from, to);
    return logits;
  }

  #feeds(
    cache: Group['cache'],
    fresh: readonly (readonly number[])[],
    rows: number,
  ): Record<string, Tensor> {
    const { Tensor } = this.#ort;
    const { inputs } = this.signature;
    const count = fresh[0]!.length;
    const integers = (data: BigInt64Array, width: number) =>
      new Tensor('int64', data, [width === 0 ? 1 : data.length / width, width]);
    const numbers = (rows: readonly (readonly number[])[]) =>
      integers(BigInt64Array.from(rows.flat(), BigInt), rows[0]!.length);
    const feeds: Record<string, () => Tensor> = {
      input_ids: () => numbers(fresh),
      attention_mask: () => {
        const { data, width } = cache.mask(count);
        return integers(data, width);
      },
      position_ids: () =>
        numbers(fresh.map((tokens, lane) => tokens.map((_, i) => cache.length(lane) + i))),
      num_logits_to_keep: () => new Tensor('int64', [BigInt(Math.max(1, rows))], []),
      use_cache_branch: () => new Tensor('bool', [cache.length(0) > 0], [1]),
      [ROWS]: () =>
        numbers([
          fresh.flatMap((_, lane) =>
            Array.from({ length: rows }, (_, i) => (lane + 1) * count - rows + i),
          ),
        ]),
    };
    // The past first, as it may narrow its room before the mask tells how wide it is.
    const given: Record<string, Tensor> = cache.past(count);
    for (const [name, feed] of Object.entries(feeds)) if (inputs.has(name)) given[name] = feed();
    return given;
  }
}

/** The last rows of each text's, of [texts or 1, rows, vocabulary]. */
function rowsOf({ dims, data }: Tensor, texts: number, rows: number): Float32Array[][] {
  if (rows === 0) return [];
  const all =
    data instanceof Float32Array ? data : floatsFromHalves(data as unknown as Uint16Array);
  const width = dims.at(-1)!;
  const apart = all.length / texts;
  return Array.from({ length: texts }, (_, text) =>
    Array.from({ length: rows }, (_, row) => {
      const end = (text + 1) * apart - (rows - 1 - row) * width;
      return all.subarray(end - width, end);
    }),
  );
}
