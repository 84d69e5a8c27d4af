import { Worker } from 'node:worker_threads';
import type { ModelInfo } from '../../model/info.ts';
import { KelvinError } from '../../sampling/error.ts';
import { fromPlain } from '../plain-error.ts';
import { Held } from './held.ts';
import type { Ask, GrammarInput, Told } from './messages.ts';

/** The longest the thread may be silent when it was asked: to start, to compile, to find a mask. */
const PATIENCE_MS = 10_000;

/**
 * The grammars that the texts of a model are held to, in a thread of their own. It is started when
 * it is first needed. Where it fails or does not answer in time it is ended: whose question it was
 * is told so, all others go on in a new one.
 */
export class Grammars {
  readonly #input: GrammarInput;
  readonly #held = new Map<number, Held>();
  #worker: Worker | undefined;
  /** Whose questions are open, in the order in which they are answered. */
  #asked: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #ids = 0;

  constructor({ path, vocabularySize, endTokens }: ModelInfo) {
    this.#input = { folder: path, vocabularySize, endTokens };
  }

  /** Holds a text to a grammar; to be closed when it has ended. */
  hold(grammar: string): Held {
    this.#ids += 1;
    const id = this.#ids;
    const held = new Held(grammar, (ask) => this.#send({ ...ask, id }));
    this.#held.set(id, held);
    held.open();
    return held;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #send(ask: Ask): void {
    if (ask.type === 'close') {
      this.#held.delete(ask.id);
      this.#worker?.postMessage(ask);
      return;
    }
    this.#worker ??= this.#start();
    this.#worker.postMessage(ask);
    this.#asked.push(ask.id);
    if (this.#asked.length === 1) this.#watch();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: this.#input,
      execArgv: [],
      // The library prints as it fails.
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    // Nobody waits for it but those who wait for the model.
    worker.unref();
    const isMine = () => this.#worker === worker;
    worker.on('message', (told: Told) => isMine() && this.#hear(told));
    worker.on('error', (error) => isMine() && this.#fail(error.message));
    worker.on('exit', (code) => isMine() && this.#fail(`its thread ended with ${code}`));
    return worker;
  }

  #hear(told: Told): void {
    if (told.error && told.error.code === undefined) {
      this.#fail(told.error.message);
      return;
    }
    this.#asked.shift();
    this.#watch();
    const held = this.#held.get(told.id);
    if (told.error) held?.fail(fromPlain(told.error));
    else held?.hear(told.next);
  }

  /** From now on, as long as an answer is awaited. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#asked.length > 0)
      this.#timer = setTimeout(() => {
        this.#fail(`it took longer than ${PATIENCE_MS / 1000} s`);
      }, PATIENCE_MS);
  }

  #fail(why: string): void {
    const [culprit = 0] = this.#asked;
    this.#asked = [];
    this.dispose();
    this.#held
      .get(culprit)
      ?.fail(
        new KelvinError(
          'CONSTRAINT_FAILED',
          `responseFormat: no grammar could be made of its schema, or followed: ${why}`,
        ),
      );
    this.#held.delete(culprit);
    for (const held of this.#held.values()) held.open();
  }
}
