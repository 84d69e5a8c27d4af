import { Worker } from 'node:worker_threads';
import type { ModelInfo } from '../model/info.ts';
import type { LoadOptions, ModelPart } from '../model/load-options.ts';
import type { PromptProgress } from '../model/sequence.ts';
import type { Message } from '../model/tokenizer.ts';
import { checkTokens, show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { invalidOption } from '../sampling/option.ts';
import type { TextCalibration } from './calibrate.ts';
import { closeAtExit, ExitGate } from './exit-gate.ts';
import type { Expedition, Report } from './explorer/messages.ts';
import { Inbox } from './inbox.ts';
import type { Explorable, Model } from './model.ts';
import { modelDefaults } from './model-defaults.ts';
import { fromPlain } from './plain-error.ts';
import { AHEAD, type Command, type Reply, type WorkerInput } from './protocol.ts';
import type { Read } from './score.ts';
import { checkPrompt, type Request } from './settings.ts';
import type { Step, Summary } from './step.ts';

type Answer = Exclude<Reply, { type: 'ready' | 'unready' | 'loaded' }>;
type Listener = (answer: Answer | Error) => void;

/** The near end of a model that lives in a worker thread. */
export class WorkerModel implements Model {
  readonly info: ModelInfo;
  readonly #worker: Worker;
  readonly #exited: Promise<unknown>;
  readonly #listeners = new Map<number, Listener>();
  #ids = 0;
  #gone: Error | undefined;

  private constructor(worker: Worker, info: ModelInfo) {
    this.info = info;
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.on('message', (answer: Answer) => this.#listeners.get(answer.id)?.(answer));
    worker.on('error', (error) => this.#end(error));
    worker.on('exit', () => this.#end(this.#disposed()));
    worker.unref();
  }

  static async load(
    name: string | undefined,
    { progress, ...options }: LoadOptions,
  ): Promise<WorkerModel> {
    const gate = new ExitGate();
    const workerData: WorkerInput = { name, options, gate: gate.shared };
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData,
      // The flags of the main thread, such as --input-type, need not suit a file.
      execArgv: [],
    });
    worker.once('exit', closeAtExit(gate));
    let failure: { error: unknown } | undefined;
    const tell = (part: ModelPart) => {
      try {
        progress?.(part);
      } catch (error) {
        failure ??= { error };
      }
    };
    const reply = await new Promise<Reply>((resolve, reject) => {
      worker.on('message', function hear(reply: Reply) {
        if (reply.type === 'loaded') return tell(reply.part);
        worker.off('message', hear);
        resolve(reply);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the model's thread ended with ${code}`)));
    });
    if (reply.type === 'ready') {
      const model = new WorkerModel(worker, reply.info);
      try {
        // A model whose own defaults are wrong is refused now, and not when it is first used.
        modelDefaults(reply.info);
        if (failure) throw failure.error;
      } catch (error) {
        await model.dispose();
        throw error;
      }
      return model;
    }
    throw reply.type === 'unready' ? fromPlain(reply.error) : new Error(`unexpected ${reply.type}`);
  }

  async encode(text: string): Promise<number[]> {
    if (typeof text !== 'string') throw invalidOption('text', 'a string', text);
    return this.#ask((id) => ({ type: 'encode', id, text }));
  }

  async decode(tokens: readonly number[]): Promise<string> {
    if (!Array.isArray(tokens)) throw invalidOption('tokens', 'an array of token ids', tokens);
    checkTokens('tokens', tokens, this.info.vocabularySize);
    return this.#ask((id) => ({ type: 'decode', id, tokens }));
  }

  async template(messages: readonly Message[]): Promise<number[]> {
    const isMessage = (message: Message | undefined) =>
      typeof message?.role === 'string' && typeof message.content === 'string';
    if (!Array.isArray(messages) || !messages.every(isMessage))
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `messages must be an array of objects with role and content, got ${show(messages)}`,
      );
    if (!this.info.chat)
      throw new KelvinError(
        'MODEL_UNSUPPORTED',
        `${this.info.name} has no chat template: it goes on from a text, and cannot be talked with`,
      );
    const plain = messages.map(({ role, content }) => ({ role, content }));
    return this.#ask((id) => ({ type: 'template', id, messages: plain }));
  }

  async *run(
    request: Request,
    signal: AbortSignal,
    progress?: PromptProgress,
  ): AsyncGenerator<Step, Summary, void> {
    const inbox = new Inbox<Answer | Error>();
    let taken = 0;
    const id = this.#open((answer) => inbox.put(answer));
    const abort = () => this.#send({ type: 'abort', id });
    signal.addEventListener('abort', abort);
    try {
      this.#send({ type: 'generate', id, request, aborted: signal.aborted });
      for (;;) {
        const answer = await inbox.take();
        if (answer instanceof Error) {
          throw answer;
        } else if (answer.type === 'step') {
          // Now and then, as each message costs about as much as a sample.
          if (++taken === AHEAD / 2) {
            this.#send({ type: 'taken', id, count: taken });
            taken = 0;
          }
          yield answer.step;
        } else if (answer.type === 'read') {
          progress?.(answer.read, answer.total);
        } else if (answer.type === 'summary') {
          return answer.summary;
        } else if (answer.type === 'failed') {
          throw fromPlain(answer.error);
        }
      }
    } finally {
      signal.removeEventListener('abort', abort);
      abort();
      this.#close(id);
    }
  }

  async *score(
    text: string | readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<Read, void, void> {
    checkPrompt(text, this.info.vocabularySize);
    signal?.throwIfAborted();
    const inbox = new Inbox<Answer | Error>();
    const id = this.#open((answer) => inbox.put(answer));
    const abort = () => this.#send({ type: 'abort', id });
    signal?.addEventListener('abort', abort);
    try {
      this.#send({ type: 'score', id, text });
      for (;;) {
        const answer = await inbox.take();
        if (answer instanceof Error) throw answer;
        if (answer.type === 'scored') yield* answer.reads;
        else if (answer.type === 'value') return;
        else if (answer.type === 'failed') {
          signal?.throwIfAborted();
          throw fromPlain(answer.error);
        }
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      abort();
      this.#close(id);
    }
  }

  async calibrate(
    text: string | readonly number[],
    signal?: AbortSignal,
    progress?: PromptProgress,
  ): Promise<TextCalibration> {
    signal?.throwIfAborted();
    const inbox = new Inbox<Answer | Error>();
    const id = this.#open((answer) => inbox.put(answer));
    const abort = () => this.#send({ type: 'abort', id });
    signal?.addEventListener('abort', abort);
    try {
      this.#send({ type: 'calibrate', id, text });
      for (;;) {
        const answer = await inbox.take();
        if (answer instanceof Error) throw answer;
        if (answer.type === 'read') progress?.(answer.read, answer.total);
        else if (answer.type === 'value') return answer.value as TextCalibration;
        else if (answer.type === 'failed') {
          signal?.throwIfAborted();
          throw fromPlain(answer.error);
        }
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      abort();
      this.#close(id);
    }
  }

  explore(expedition: Expedition, listen: (report: Report | Error) => void): Explorable {
    const id = this.#open((answer) => {
      if (!(answer instanceof Error) && answer.type === 'report') return listen(answer.report);
      this.#close(id);
      // It ends when it is closed, and when the model is disposed of.
      if (answer instanceof Error) listen(answer);
      else listen(answer.type === 'failed' ? fromPlain(answer.error) : this.#disposed());
    });
    this.#send({ type: 'explore', id, expedition });
    return {
      order: (order) => this.#send({ type: 'order', id, order }),
      close: () => this.#send({ type: 'abort', id }),
    };
  }

  async dispose(): Promise<void> {
    if (!this.#gone) {
      // From now on nothing new begins; what is running still gets its summary.
      this.#gone = this.#disposed();
      this.#worker.ref();
      this.#send({ type: 'dispose', id: 0 });
    }
    await this.#exited;
  }

  async #ask<T>(command: (id: number) => Command): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = this.#open((answer) => {
        this.#close(id);
        if (answer instanceof Error) reject(answer);
        else if (answer.type === 'value') resolve(answer.value as T);
        else if (answer.type === 'failed') reject(fromPlain(answer.error));
      });
      this.#send(command(id));
    });
  }

  #open(listener: Listener): number {
    if (this.#gone) throw this.#gone;
    this.#ids += 1;
    this.#listeners.set(this.#ids, listener);
    this.#worker.ref();
    return this.#ids;
  }

  #close(id: number): void {
    this.#listeners.delete(id);
    if (this.#listeners.size === 0 && !this.#gone) this.#worker.unref();
  }

  #send(command: Command): void {
    this.#worker.postMessage(command);
  }

  #disposed(): KelvinError {
    return new KelvinError('DISPOSED', `model ${this.info.name} was disposed of`);
  }

  #end(error: Error): void {
    this.#gone ??= error;
    for (const listener of [...this.#listeners.values()]) listener(this.#gone);
  }
}
