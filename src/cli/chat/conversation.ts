import { generate } from '../../generation/generate.ts';
import type { GenerateOptions } from '../../generation/generate-options.ts';
import type { Model } from '../../generation/model.ts';
import type { Step, Summary } from '../../generation/step.ts';
import type { Message } from '../../model/tokenizer.ts';
import { type Prompt, spliced } from './splice.ts';

/** Whether the model answers messages, or goes on from what is typed. */
export type Mode = 'chat' | 'completion';

/** What was typed, and what the model made of it. */
export interface Turn {
  readonly typed: string;
  readonly prompt: Prompt;
  readonly steps: readonly Step[];
  readonly summary: Summary;
}

/** Takes a step of an answer; false where nobody takes any more. */
export type Hear = (step: Step) => Promise<boolean>;

/** Turns with a model. One that fails, or is stopped before its first word, leaves no trace. */
export class Conversation {
  readonly mode: Mode;
  readonly #model: Model;
  readonly #turns: Turn[] = [];
  #system: string | undefined;

  constructor(model: Model, mode: Mode) {
    this.#model = model;
    this.mode = mode;
  }

  get turns(): readonly Turn[] {
    return this.#turns;
  }

  get system(): string | undefined {
    return this.#system;
  }

  /** @throws KelvinError `INVALID_ARGUMENT` where the model's template has no place for one */
  async instruct(system: string): Promise<void> {
    await this.#model.template([...instruction(system), { role: 'user', content: '' }]);
    this.#system = system;
  }

  /**
   * Has the model answer a message, or go on from a text.
   *
   * @throws KelvinError as `generate`
   */
  async answer(typed: string, options: GenerateOptions, hear: Hear): Promise<Turn> {
    return this.#answer(this.#turns.length, typed, options, hear);
  }

  /**
   * Has the last answer given again; the one before is forgotten once there is another. There must
   * be a turn.
   */
  async again(options: GenerateOptions, hear: Hear): Promise<Turn> {
    const last = this.#turns.length - 1;
    return this.#answer(last, this.#turns[last]!.typed, options, hear);
  }

  /** Takes the last turn back. */
  undo(): Turn | undefined {
    return this.#turns.pop();
  }

  /** Forgets every turn; the system prompt stays. */
  clear(): void {
    this.#turns.length = 0;
  }

  async #answer(place: number, typed: string, options: GenerateOptions, hear: Hear): Promise<Turn> {
    const prompt = await this.#prompt(place, typed);
    const generation = generate(this.#model, prompt.tokens, options);
    const steps: Step[] = [];
    for await (const step of generation) {
      steps.push(step);
      if (!(await hear(step))) break;
    }
    const turn = { typed, prompt, steps, summary: await generation.result() };
    if (isKept(turn)) this.#turns[place] = turn;
    return turn;
  }

  async #prompt(place: number, typed: string): Promise<Prompt> {
    const canonical = await this.#canonical(this.#turns.slice(0, place), typed);
    const before = this.#turns[place - 1];
    if (!before) return { canonical, tokens: canonical };
    return spliced(this.#model, before.prompt, written(before), canonical);
  }

  #canonical(before: readonly Turn[], typed: string): Promise<number[]> {
    if (this.mode === 'completion') {
      const text = before.map((turn) => turn.typed + turn.summary.text).join('');
      return this.#model.encode(text + typed);
    }
    const messages: Message[] = [
      ...instruction(this.#system),
      ...before.flatMap(messagesOf),
      { role: 'user', content: typed },
    ];
    return this.#model.template(messages);
  }
}

// An end token ends an answer and is not in it: the template writes its own.
const written = ({ steps, summary }: Turn): number[] =>
  steps.slice(0, summary.finishReason === 'end' ? -1 : undefined).map(({ token }) => token);

/** Whether a turn counts: one that was stopped before anything was written does not. */
export const isKept = ({ summary }: Turn): boolean =>
  summary.finishReason !== 'abort' || summary.text !== '';

/** A turn as messages. */
export const messagesOf = ({ typed, summary }: Turn): Message[] => [
  { role: 'user', content: typed },
  { role: 'assistant', content: summary.text },
];

const instruction = (system: string | undefined): Message[] =>
  system === undefined ? [] : [{ role: 'system', content: system }];
