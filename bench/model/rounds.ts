import { Child } from './child.ts';
import type { ContenderName } from './contenders/index.ts';
import type { Model } from './models.ts';

/** What every experiment is told. */
export interface Plan {
  readonly threads: number;
  readonly rounds: number;
  /** Smaller models and shorter texts, to see that everything runs. */
  readonly quick: boolean;
}

/**
 * Opens all contenders, asks them in turn in each round, and closes them; then again in the opposite
 * order, as a process that loads its model first may be slower for as long as it lives.
 */
export async function interleaved<T>(
  model: Model,
  { threads, rounds }: Plan,
  names: readonly ContenderName[],
  ask: (child: Child) => Promise<T>,
): Promise<Record<string, T[]>> {
  const answers: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const order of [names, [...names].reverse()]) {
    const children: Child[] = [];
    try {
      for (const name of order) children.push(await Child.open(name, model, threads));
      // One more than is counted: the first is for the compilers and the caches.
      for (const child of children) await ask(child);
      for (let round = 0; round < rounds / 2; round++)
        for (const child of children) answers[child.name].push(await ask(child));
    } finally {
      for (const child of children) await child.close();
    }
  }
  return answers;
}

/** As `interleaved`, with new processes in each round. */
export async function afresh<T>(
  model: Model,
  { threads, rounds }: Plan,
  names: readonly ContenderName[],
  ask: (child: Child) => Promise<T>,
): Promise<Record<string, T[]>> {
  const answers: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]));
  // The first round brings the file into the system's cache.
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const child = await Child.open(name, model, threads);
      try {
        const answer = await ask(child);
        if (round >= 0) answers[name].push(answer);
      } finally {
        await child.close();
      }
    }
  }
  return answers;
}
