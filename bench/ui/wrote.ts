import { threads } from './threads.ts';

/** Milliseconds of some work. */
export interface Time {
  readonly wall: number;
  /** Of the processor, by all threads, and by all but the main one: the model's, above all. */
  readonly cpu: number;
  readonly behind: number;
}

/** A text that was written, and what it took of the whole process. */
export interface Wrote {
  readonly text: string;
  readonly tokens: number;
  /** From the prompt to the end. */
  readonly all: Time;
  /** From the moment the first tokens were there, and the tokens after those. */
  readonly later: Time & { readonly tokens: number };
}

export function stopwatch(): () => Time {
  const start = performance.now();
  const before = threads();
  return () => {
    const wall = performance.now() - start;
    const { all, main } = threads();
    const cpu = all - before.all;
    return { wall, cpu, behind: cpu - (main - before.main) };
  };
}
