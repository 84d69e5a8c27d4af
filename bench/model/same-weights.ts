import { Child } from './child.ts';
import { type Model, randomModel } from './models.ts';
import type { Plan } from './rounds.ts';

const PROMPT = 64;

export interface SameWeights {
  /** The largest difference between two logits, and how far the largest and the least are apart. */
  readonly farthest: number;
  readonly range: number;
  /** Whether both say the same token comes next. */
  readonly likeliest: boolean;
}

/** That llama.cpp has the weights the others have: its logits behind a prompt beside theirs. */
export async function sameWeights({ quick, threads }: Plan): Promise<SameWeights> {
  const model = randomModel(quick ? 'quick' : 'gpt2s', 'fp32');
  const ours = await logits('unedited', model, threads);
  const theirs = await logits('llama', model, threads);
  const largest = (row: number[]) => row.reduce((a, b) => Math.max(a, b));
  const likeliest = (row: number[]) => row.indexOf(largest(row));
  return {
    farthest: largest(ours.map((z, i) => Math.abs(z - theirs[i]))),
    range: largest(ours) + largest(ours.map((z) => -z)),
    likeliest: likeliest(ours) === likeliest(theirs),
  };
}

async function logits(name: 'unedited' | 'llama', model: Model, threads: number) {
  const child = await Child.open(name, model, threads);
  try {
    return await child.ask('logits', PROMPT);
  } finally {
    await child.close();
  }
}
