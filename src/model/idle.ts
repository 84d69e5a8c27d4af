import type { Sequence } from './sequence.ts';

/** Texts that are remembered for prompts that go on from them; each may take much memory. */
const MOST = 2;

/** Sequences nobody is using, the latest last. */
export class Idle {
  readonly #sequences: Sequence[] = [];

  /** One that begins as a prompt does, cut to what it shares; the one that shares most. */
  take(prompt: readonly number[]): Sequence | undefined {
    let best: Sequence | undefined;
    let most = 0;
    for (const sequence of this.#sequences) {
      const length = shared(sequence.tokens, prompt);
      if (length <= most) continue;
      best = sequence;
      most = length;
    }
    if (!best) return undefined;
    this.#sequences.splice(this.#sequences.indexOf(best), 1);
    best.truncate(most);
    return best;
  }

  give(sequence: Sequence): void {
    this.#sequences.push(sequence);
    if (this.#sequences.length > MOST) this.#sequences.shift()!.release();
  }
}

/** How many tokens two texts begin with alike; one less than a whole prompt, as it wants logits. */
function shared(tokens: readonly number[], prompt: readonly number[]): number {
  const most = Math.min(tokens.length, prompt.length - 1);
  let length = 0;
  while (length < most && tokens[length] === prompt[length]) length++;
  return length;
}
