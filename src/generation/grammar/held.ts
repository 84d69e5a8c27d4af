import type { Constraint } from '../../sampling/edits/constraint.ts';
import type { Ask, Next } from './messages.ts';

/** A question of one text. */
type Question = Ask extends infer A ? (A extends Ask ? Omit<A, 'id'> : never) : never;

/** An answer on its way. */
interface Awaited {
  readonly answer: Promise<Next>;
  resolve(next: Next): void;
  reject(error: Error): void;
}

/**
 * A text that is held to a grammar: the constraint of its sampler, which must be `ready` before each
 * token.
 */
export class Held implements Constraint {
  readonly #grammar: string;
  readonly #ask: (question: Question) => void;
  #tokens: number[] = [];
  #awaited: Awaited | undefined;
  #next: Next | undefined;

  /** @param ask asks the grammar thread, which answers all but `close` */
  constructor(grammar: string, ask: (question: Question) => void) {
    this.#grammar = grammar;
    this.#ask = ask;
  }

  /** Begins, in a new thread with what has been written so far. */
  open(): void {
    this.#await({ type: 'open', grammar: this.#grammar, tokens: this.#tokens });
  }

  close(): void {
    this.#ask({ type: 'close' });
  }

  hear(next: Next): void {
    this.#awaited?.resolve(next);
  }

  fail(error: Error): void {
    this.#awaited?.reject(error);
  }

  /**
   * Waits until it is known what may come next.
   *
   * @returns whether the text has ended
   * @throws KelvinError `CONSTRAINT_FAILED`, `MODEL_UNSUPPORTED`; the signal's reason
   */
  async ready(signal: AbortSignal): Promise<boolean> {
    if (this.#awaited) {
      const abort = () => this.fail(signal.reason);
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      try {
        this.#next = await this.#awaited.answer;
      } finally {
        signal.removeEventListener('abort', abort);
      }
      this.#awaited = undefined;
    }
    return this.#next!.isOver;
  }

  fillMask(mask: Uint8Array): void {
    const words = this.#next!.mask;
    for (let token = 0; token < mask.length; token++)
      mask[token] = (words[token >> 5]! >>> (token & 31)) & 1;
  }

  accept(token: number): void {
    this.#tokens.push(token);
    this.#await({ type: 'accept', token });
  }

  reset(): void {
    if (this.#tokens.length === 0) return;
    this.#tokens = [];
    this.open();
  }

  #await(question: Question): void {
    this.#awaited ??= awaited();
    this.#ask(question);
  }
}

function awaited(): Awaited {
  let settle: Omit<Awaited, 'answer'> | undefined;
  const answer = new Promise<Next>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // A text may end before anybody asks.
  answer.catch(() => {});
  return { answer, ...settle! };
}
