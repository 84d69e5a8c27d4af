import { Worker } from 'node:worker_threads';
import type { ModelInfo } from '../model/info.ts';
import type { LoadOptions, ModelPart } from '../model/load-options.ts';
import { KelvinError } from '../sampling/error.ts';
import { closeAtExit, ExitGate } from './exit-gate.ts';
import { Inbox } from './inbox.ts';
import { fromPlain } from './plain-error.ts';
import type { Command, Reply, WorkerInput } from './protocol.ts';

export type Answer = Exclude<Reply, { type: 'ready' | 'unready' | 'loaded' }>;
type Listener = (answer: Answer | Error) => void;

/** The near end of the thread that owns a model: commands go there, answers come back. */
export class ModelThread {
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
    worker.on('exit', () => this.#end(this.disposed()));
    worker.unref();
  }

  /** Starts a thread that loads a model. @throws whatever is wrong with the model */
  static async start(
    name: string | undefined,
    { progress, ...options }: LoadOptions,
  ): Promise<ModelThread> {
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
    if (reply.type === 'unready') throw fromPlain(reply.error);
    if (reply.type !== 'ready') throw new Error(`unexpected ${reply.type}`);
    const thread = new ModelThread(worker, reply.info);
    if (!failure) return thread;
    await thread.dispose();
    throw failure.error;
  }

  /** The one value that answers a command. */
  async ask<T>(command: (id: number) => Command): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = this.open((answer) => {
        this.close(id);
        if (answer instanceof Error) reject(answer);
        else if (answer.type === 'value') resolve(answer.value as T);
        else if (answer.type === 'failed') reject(fromPlain(answer.error));
      });
      this.send(command(id));
    });
  }

  /**
   * All that answers a command, the last of it a value or a summary. What is under way for it ends
   * with the signal, and where nobody takes answers any more.
   */
  async *answers(
    command: (id: number) => Command,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Answer, void, void> {
    const inbox = new Inbox<Answer | Error>();
    const id = this.open((answer) => inbox.put(answer));
    const abort = () => this.send({ type: 'abort', id });
    signal?.addEventListener('abort', abort);
    try {
      this.send(command(id));
      for (;;) {
        const answer = await inbox.take();
        if (answer instanceof Error) throw answer;
        if (answer.type === 'failed') throw fromPlain(answer.error);
        yield answer;
        if (answer.type === 'value' || answer.type === 'summary') return;
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      abort();
      this.close(id);
    }
  }

  /** @returns the id that the answers to a command are told by */
  open(listener: Listener): number {
    if (this.#gone) throw this.#gone;
    this.#ids += 1;
    this.#listeners.set(this.#ids, listener);
    this.#worker.ref();
    return this.#ids;
  }

  close(id: number): void {
    this.#listeners.delete(id);
    if (this.#listeners.size === 0 && !this.#gone) this.#worker.unref();
  }

  send(command: Command): void {
    this.#worker.postMessage(command);
  }

  async dispose(): Promise<void> {
    if (!this.#gone) {
      // From now on nothing new begins; what is running still gets its summary.
      this.#gone = this.disposed();
      this.#worker.ref();
      this.send({ type: 'dispose', id: 0 });
    }
    await this.#exited;
  }

  disposed(): KelvinError {
    return new KelvinError('DISPOSED', `model ${this.info.name} was disposed of`);
  }

  #end(error: Error): void {
    this.#gone ??= error;
    for (const listener of [...this.#listeners.values()]) listener(this.#gone);
  }
}
