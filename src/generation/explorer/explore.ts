import { KelvinError, type SamplingOptions } from '../../sampling/index.ts';
import { invalidOption } from '../../sampling/option.ts';
import type { Explorable, Model } from '../model.ts';
import { fromPlain } from '../plain-error.ts';
import { checkPrompt, resolveSampling } from '../settings.ts';
import type { Order, Question, Report } from './messages.ts';
import type { Explanation, View, Written } from './view.ts';

/** What an exploration tells of by itself. */
export type Event = Exclude<Report, { type: 'answer' | 'refusal' }> | Error;

/**
 * Explores what may come after a prompt: writes, goes back, branches and looks around, under
 * settings that may change at any time.
 *
 * What may come next depends on nothing but the settings and the text before it: whatever way led
 * there, it is the same to the last bit, and the same that `generate` writes.
 *
 * @param settings sampling options; what is absent comes from the model's own file, then is
 *   kelvin's default
 * @param listen is told what happens; an `Error` is the end of it
 * @throws KelvinError as `generate`; a prompt longer than the model's context is told of as an end
 */
export function explore(
  model: Model,
  prompt: string | readonly number[],
  settings: Omit<SamplingOptions, 'constraint'>,
  listen: (event: Event) => void,
): Exploration {
  return new Exploration(model, prompt, settings, listen);
}

interface Waiting {
  resolve(value: never): void;
  reject(error: unknown): void;
}

/** A way through the texts after a prompt; see {@link explore}. Nodes are numbered, 0 the prompt. */
export class Exploration {
  readonly #model: Model;
  readonly #explorer: Explorable;
  readonly #waiting = new Map<number, Waiting>();
  /** The effective options of each settings so far, by number. */
  readonly settings: SamplingOptions[] = [];
  #tickets = 0;
  /** Why there is nothing to ask any more. */
  #end: Error | undefined;

  constructor(
    model: Model,
    prompt: string | readonly number[],
    settings: SamplingOptions,
    listen: (event: Event) => void,
  ) {
    if (!model?.info)
      throw invalidOption('model', 'a loaded model, as in await loadModel()', model);
    this.#model = model;
    checkPrompt(prompt, model.info.vocabularySize);
    const sampling = resolveSampling(settings, model.info);
    this.settings.push(sampling);
    this.#explorer = model.explore({ prompt, sampling }, (report) => this.#hear(report, listen));
  }

  /**
   * From here on samples with other settings; where they name no seed, with the first one's.
   *
   * @param settings all of them: what is absent comes from the model's own file, as at the beginning
   * @returns their number
   * @throws KelvinError as `generate`; the settings are then as they were
   */
  set(settings: Omit<SamplingOptions, 'constraint'>): number {
    const seed = settings.seed ?? this.settings[0]!.seed;
    const sampling = resolveSampling({ ...settings, seed }, this.#model.info);
    this.#order({ type: 'settings', sampling });
    return this.settings.push(sampling) - 1;
  }

  /**
   * Writes on from a node, at most `count` tokens, until it is paused or the text ends. What was
   * being written is left.
   */
  play(from: number, count = Number.POSITIVE_INFINITY): void {
    if (!(count >= 0)) throw invalidOption('count', 'a number ≥ 0', count);
    this.#order({ type: 'play', from, count });
  }

  pause(): void {
    this.#order({ type: 'pause' });
  }

  /** @param pace the most tokens a second, > 0; Infinity as fast as they come */
  set pace(pace: number) {
    if (!(pace > 0)) throw invalidOption('pace', 'a number > 0', pace);
    this.#order({ type: 'pace', pace });
  }

  /** Writes a token after a node by choice. Writing stops. */
  choose(node: number, token: number): Promise<Written> {
    return this.#ask((ticket) => ({ type: 'choose', ticket, node, token }));
  }

  /** What may come after a node under the present settings, the `top` likeliest listed. */
  look(node: number, top: number): Promise<View> {
    return this.#ask((ticket) => ({ type: 'look', ticket, node, top }));
  }

  /** For each token up to a node, whether the present settings could have drawn it: see `marks.ts`. */
  marks(node: number): Promise<Uint8Array> {
    return this.#ask((ticket) => ({ type: 'marks', ticket, node }));
  }

  /** How a token's probability after a node comes about. */
  explain(node: number, token: number, top: number): Promise<Explanation> {
    return this.#ask((ticket) => ({ type: 'explain', ticket, node, token, top }));
  }

  /** Ends it: what has not been answered is refused, and nothing more is told. */
  close(): void {
    if (this.#end) return;
    this.#finish(new KelvinError('DISPOSED', 'the exploration was closed'));
    this.#explorer.close();
  }

  #finish(end: Error): void {
    this.#end = end;
    for (const { reject } of this.#waiting.values()) reject(end);
    this.#waiting.clear();
  }

  #order(order: Order): void {
    if (!this.#end) this.#explorer.order(order);
  }

  #ask<T>(question: (ticket: number) => Question): Promise<T> {
    if (this.#end) return Promise.reject(this.#end);
    this.#tickets += 1;
    const ticket = this.#tickets;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { resolve, reject });
      this.#order(question(ticket));
    });
  }

  #hear(report: Report | Error, listen: (event: Event) => void): void {
    if (this.#end) return;
    if (report instanceof Error) {
      this.#finish(report);
      listen(report);
    } else if (report.type === 'answer') this.#take(report.ticket)?.resolve(report.value as never);
    else if (report.type === 'refusal') this.#take(report.ticket)?.reject(fromPlain(report.error));
    else listen(report);
  }

  #take(ticket: number): Waiting | undefined {
    const waiting = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    return waiting;
  }
}
