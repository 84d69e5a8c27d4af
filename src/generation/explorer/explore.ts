import type { SamplingOptions } from '../../sampling/index.ts';
import { invalidOption } from '../../sampling/option.ts';
import type { Explorable, Model } from '../model.ts';
import { fromPlain } from '../protocol.ts';
import { resolveSampling } from '../settings.ts';
import type { Order, Question, Report } from './messages.ts';
import type { Explanation, View, Written } from './view.ts';

/** What an exploration tells of by itself. */
export type Event = Exclude<Report, { type: 'answer' | 'refusal' }> | Error;

/**
 * Explores what may come after a prompt: writes, goes back, branches and looks around, under
 * settings that may change at any time.
 *
 * @param settings sampling options; what is absent comes from the model's own file, then is
 *   kelvin's default
 * @param listen is told what happens; an `Error` is the end of it
 * @throws KelvinError as `generate`
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

  constructor(
    model: Model,
    prompt: string | readonly number[],
    settings: SamplingOptions,
    listen: (event: Event) => void,
  ) {
    this.#model = model;
    const sampling = resolveSampling(settings, model.info);
    this.settings.push(sampling);
    this.#explorer = model.explore({ prompt, sampling }, (report) => this.#hear(report, listen));
  }

  /**
   * From here on samples with other settings.
   *
   * @returns their number
   * @throws KelvinError as `generate`; the settings are then as they were
   */
  set(settings: SamplingOptions): number {
    const sampling = resolveSampling(settings, this.#model.info);
    this.#order({ type: 'settings', sampling });
    return this.settings.push(sampling) - 1;
  }

  /** Writes on from a node, at most `count` tokens, until it is paused or the text ends. */
  play(from: number, count = Number.POSITIVE_INFINITY): void {
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

  close(): void {
    this.#explorer.close();
  }

  #order(order: Order): void {
    this.#explorer.order(order);
  }

  #ask<T>(question: (ticket: number) => Question): Promise<T> {
    this.#tickets += 1;
    const ticket = this.#tickets;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { resolve, reject });
      this.#order(question(ticket));
    });
  }

  #hear(report: Report | Error, listen: (event: Event) => void): void {
    if (report instanceof Error) {
      for (const { reject } of this.#waiting.values()) reject(report);
      this.#waiting.clear();
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
