import type { Sequence } from './sequence.ts';

/** Texts that are remembered for prompts that go on from them; each may take much memory. */
const MOST = 2;

/** Fewer tokens are read again rather than copied. */
const WORTH_COPYING = 32;

/** Sequences nobody is using, the latest last. */
export class Idle {
  readonly #sequences: Sequence[] = [];

  /** One that begins as a prompt does, and holds no more than what they share. */
  take(prompt: readonly number[]): Sequence | undefined {
    let best: Sequence | undefined;
    let most = 0;
    for (const sequence of this.#sequences) {
      const length = shared(sequence.tokens, prompt);
      if (length <= most) continue;
      best = sequence;
      most = length;
    }
    // Another text that begins alike stays as it is: somebody may yet go on from it.
    const isSame = best !== undefined && 2 * most >= best.length;
    if (!best || (!isSame && most < WORTH_COPYING)) return undefined;
    if (isSame) this.#sequences.splice(this.#sequences.indexOf(best), 1);
    const taken = isSame ? best : best.fork();
    taken.truncate(most);
    return taken;
  }

  give(sequence: Sequence): void {
    if (sequence.length === 0) return;
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
