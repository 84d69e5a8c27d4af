import { checkList, checkTokens } from './check.ts';
import { KelvinError } from './error.ts';
import { initialMu } from './filters/mirostat.ts';
import type { Edit, Editor } from './stage.ts';
import type { StageOptions } from './stages.ts';

/** What a sampler has accepted, and what its stages remember of it. */
export class Past {
  readonly options: StageOptions;
  readonly #edits: readonly Edit<StageOptions>[];
  /** One for each edit. */
  editors: readonly Editor[] = [];
  #listeners: readonly Editor[] = [];
  /** Token ids, oldest first. */
  history: number[] = [];
  /** The largest of them; −1 if there is none. */
  largest = -1;
  #promptLength = 0;
  /** Mirostat's μ before each step so far and the next. */
  #mus: number[] = [];

  /** @param edits the active edits of the chain, in order */
  constructor(edits: readonly Edit<StageOptions>[], options: StageOptions) {
    this.#edits = edits;
    this.options = options;
    this.begin([]);
  }

  /** Forgets everything and begins with a prompt. */
  begin(prompt: readonly number[]): void {
    this.editors = this.#edits.map((edit) => edit.start(this.options));
    // The constraint first, the only one that is not ours: where it throws, nothing was taken.
    const isForeign = (i: number) => this.#edits[i].name === 'constraint';
    this.#listeners = [
      ...this.editors.filter((_, i) => isForeign(i)),
      ...this.editors.filter((_, i) => !isForeign(i)),
    ];
    this.history = [];
    this.largest = -1;
    this.#promptLength = prompt.length;
    this.#mus = [initialMu(this.options.mirostat)];
    for (const token of prompt) this.#take(token, false);
  }

  /** How many tokens were accepted after the prompt. */
  get step(): number {
    return this.#mus.length - 1;
  }

  /** Mirostat's μ before a step; the latest for a step that has not been reached. */
  muAt(step: number): number {
    return this.#mus[Math.min(step, this.step)];
  }

  /** @param mu mirostat's μ from here on */
  accept(token: number, mu: number): void {
    this.#take(token, true);
    this.#mus.push(mu);
  }

  /** Goes back to where `step` tokens had been accepted. */
  rewind(step: number): void {
    this.#replay(this, step);
  }

  /** The same past for another sampler. */
  copy(): Past {
    const copy = new Past(this.#edits, this.options);
    copy.#replay(this, this.step);
    return copy;
  }

  /** Takes over what another past, or this one, had accepted at a step. */
  #replay(from: Past, step: number): void {
    const { history } = from;
    const mus = from.#mus;
    const promptLength = from.#promptLength;
    this.begin(history.slice(0, promptLength));
    for (let i = 0; i < step; i++) this.accept(history[promptLength + i], mus[i + 1]);
  }

  #take(token: number, generated: boolean): void {
    for (const editor of this.#listeners) editor.accept?.(token, generated);
    this.history.push(token);
    if (token > this.largest) this.largest = token;
  }
}

/**
 * What a sampler would remember of a history it is given for one call.
 *
 * @throws KelvinError INVALID_ARGUMENT, INVALID_TOKEN
 */
export function pastOf(
  history: readonly number[] | Int32Array,
  edits: readonly Edit<StageOptions>[],
  options: StageOptions,
): Past {
  checkList('history', history);
  if (options.constraint)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      'history cannot be given to a sampler with a constraint, which knows only what was accepted',
    );
  checkTokens('history', history);
  const past = new Past(edits, options);
  past.begin([...history]);
  return past;
}
