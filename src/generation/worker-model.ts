import type { ModelInfo } from '../model/info.ts';
import type { LoadOptions } from '../model/load-options.ts';
import type { PromptProgress } from '../model/sequence.ts';
import type { Message } from '../model/tokenizer.ts';
import { checkTokens, show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { invalidOption } from '../sampling/option.ts';
import type { TextCalibration } from './calibrate.ts';
import type { Expedition, Report } from './explorer/messages.ts';
import type { Explorable, Model } from './model.ts';
import { modelDefaults } from './model-defaults.ts';
import { type Answer, ModelThread } from './model-thread.ts';
import { fromPlain } from './plain-error.ts';
import { AHEAD } from './protocol.ts';
import type { Read } from './score.ts';
import { checkPrompt, type Request } from './settings.ts';
import type { Step, Summary } from './step.ts';

/** A model that lives in a worker thread. */
export class WorkerModel implements Model {
  readonly info: ModelInfo;
  readonly #thread: ModelThread;

  private constructor(thread: ModelThread) {
    this.info = thread.info;
    this.#thread = thread;
  }

  static async load(name: string | undefined, options: LoadOptions): Promise<WorkerModel> {
    const thread = await ModelThread.start(name, options);
    try {
      // A model whose own defaults are wrong is refused now, and not when it is first used.
      modelDefaults(thread.info);
      return new WorkerModel(thread);
    } catch (error) {
      await thread.dispose();
      throw error;
    }
  }

  async encode(text: string): Promise<number[]> {
    if (typeof text !== 'string') throw invalidOption('text', 'a string', text);
    return this.#thread.ask((id) => ({ type: 'encode', id, text }));
  }

  async decode(tokens: readonly number[]): Promise<string> {
    if (!Array.isArray(tokens)) throw invalidOption('tokens', 'an array of token ids', tokens);
    checkTokens('tokens', tokens, this.info.vocabularySize);
    return this.#thread.ask((id) => ({ type: 'decode', id, tokens }));
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
    return this.#thread.ask((id) => ({ type: 'template', id, messages: plain }));
  }

  async *run(
    request: Request,
    signal: AbortSignal,
    progress?: PromptProgress,
  ): AsyncGenerator<Step, Summary, void> {
    const { aborted } = signal;
    const answers = this.#thread.answers(
      (id) => ({ type: 'generate', id, request, aborted }),
      signal,
    );
    let taken = 0;
    let summary: Summary | undefined;
    for await (const answer of answers) {
      if (answer.type === 'step') {
        // Now and then, as each message costs about as much as a sample.
        if (++taken === AHEAD / 2) {
          this.#thread.send({ type: 'taken', id: answer.id, count: taken });
          taken = 0;
        }
        yield answer.step;
      } else if (answer.type === 'read') progress?.(answer.read, answer.total);
      else if (answer.type === 'summary') summary = answer.summary;
    }
    return summary!;
  }

  async *score(
    text: string | readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<Read, void, void> {
    for await (const answer of this.#read('score', text, signal))
      if (answer.type === 'scored') yield* answer.reads;
  }

  async calibrate(
    text: string | readonly number[],
    signal?: AbortSignal,
    progress?: PromptProgress,
  ): Promise<TextCalibration> {
    let calibration: TextCalibration | undefined;
    for await (const answer of this.#read('calibrate', text, signal)) {
      if (answer.type === 'read') progress?.(answer.read, answer.total);
      else if (answer.type === 'value') calibration = answer.value as TextCalibration;
    }
    return calibration!;
  }

  /** What is told of a text that is read; its end by the signal is the signal's reason. */
  async *#read(
    type: 'score' | 'calibrate',
    text: string | readonly number[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Answer, void, void> {
    checkPrompt(text, this.info.vocabularySize);
    signal?.throwIfAborted();
    try {
      yield* this.#thread.answers((id) => ({ type, id, text }), signal);
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause;
    }
  }

  explore(expedition: Expedition, listen: (report: Report | Error) => void): Explorable {
    const thread = this.#thread;
    const id = thread.open((answer) => {
      if (!(answer instanceof Error) && answer.type === 'report') return listen(answer.report);
      thread.close(id);
      // It ends when it is closed, and when the model is disposed of.
      if (answer instanceof Error) listen(answer);
      else listen(answer.type === 'failed' ? fromPlain(answer.error) : thread.disposed());
    });
    thread.send({ type: 'explore', id, expedition });
    return {
      order: (order) => thread.send({ type: 'order', id, order }),
      close: () => thread.send({ type: 'abort', id }),
    };
  }

  dispose(): Promise<void> {
    return this.#thread.dispose();
  }
}
