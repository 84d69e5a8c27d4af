import type { Sequence } from './sequence.ts';

/** Texts that are remembered for prompts that go on from them; each may take much memory. */
const MOST = 2;

interface Ended {
  readonly sequence: Sequence;
  /** How many of its tokens were the prompt. */
  readonly prompt: number;
}

/** Sequences nobody is using, the latest last. */
export class Idle {
  readonly #sequences: Ended[] = [];

  /**
   * One that a prompt goes on from, cut to what they share. To go on is to begin with the other's
   * prompt and something of what was written after it: a prompt that only begins alike, or is asked
   * again, is read anew, so that its logits are the same to the last bit each time, and a text that
   * somebody may yet go on from stays whole.
   */
  take(prompt: readonly number[]): Sequence | undefined {
    let best: Ended | undefined;
    let most = 0;
    for (const entry of this.#sequences) {
      const length = shared(entry.sequence.tokens, prompt);
      if (length <= Math.max(most, entry.prompt)) continue;
      best = entry;
      most = length;
    }
    if (!best) return undefined;
    this.#sequences.splice(this.#sequences.indexOf(best), 1);
    best.sequence.truncate(most);
    return best.sequence;
  }

  /** @param prompt how many of its tokens were the prompt */
  give(sequence: Sequence, prompt: number): void {
    if (sequence.length <= prompt) {
      sequence.release();
      return;
    }
    this.#sequences.push({ sequence, prompt });
    if (this.#sequences.length > MOST) this.#sequences.shift()!.sequence.release();
  }
}

/** How many tokens two texts begin with alike; one less than a whole prompt, as it wants logits. */
function shared(tokens: readonly number[], prompt: readonly number[]): number {
  const most = Math.min(tokens.length, prompt.length - 1);
  let length = 0;
  while (length < most && tokens[length] === prompt[length]) length++;
  return length;
}
