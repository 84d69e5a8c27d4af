/** The process of a screen, in a terminal: `serve-screen.ts FOLDER THREADS`. */
import { setTimeout as pause } from 'node:timers/promises';
import { openScreen } from '../kelvin-ui.ts';
import { serve } from './asked.ts';
import { watchFrames } from './frames.ts';
import { options, PROMPT } from './setting.ts';
import { threads } from './threads.ts';
import { stopwatch, type Wrote } from './wrote.ts';

const [, , model, threadCount] = process.argv;
const frames = watchFrames();
const { studio, closed } = await openScreen({
  model,
  load: { threads: Number(threadCount) },
  prompt: PROMPT,
  options: { ...options, seed: 1 },
  limit: 1,
  pace: Number.POSITIVE_INFINITY,
});

/** When a condition holds; asked at each change. */
const when = (holds: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const unsubscribe = studio.subscribe(look);
    look();
    function look(): void {
      const { error } = studio.tuner!;
      if (!error && !holds()) return;
      // A change may be told of before this has anything to unsubscribe from.
      queueMicrotask(() => unsubscribe());
      if (error) reject(error);
      else resolve();
    }
  });
const isAtRest = () => studio.tuner!.phase === 'paused' && studio.tuner!.pause !== undefined;

/** Begins with a prompt, and writes so many tokens after it. */
function begin(prompt: string, seed: number, count: number): void {
  studio.opening = { ...studio.opening, limit: count };
  const tuner = studio.tuner!;
  tuner.settings.options = { ...options, seed };
  studio.begin(tuner.model, prompt);
}

const tasks = {
  async write(prompt: string, seed: number, count: number): Promise<Wrote> {
    const all = stopwatch();
    begin(prompt, seed, count);
    const { timeline } = studio.tuner!;
    await when(() => timeline.written.length > 0);
    const later = stopwatch();
    const first = timeline.written.length;
    await when(isAtRest);
    const { written } = timeline;
    return {
      text: written.map(({ text }) => text).join(''),
      tokens: written.length,
      all: all(),
      later: { ...later(), tokens: written.length - first },
    };
  },
  begin,
  /** Comes to rest with at least so many tokens. */
  async settle(tokens: number): Promise<void> {
    await when(() => studio.tuner!.timeline.written.length >= tokens);
    studio.tuner!.rest();
    await when(isAtRest);
  },
  pace(tokensPerSecond: number) {
    studio.tuner!.setPace(tokensPerSecond);
  },
  phase: () => studio.tuner!.phase,
  place: () => studio.tuner!.timeline.place,
  /** The frames of so many seconds, and what the threads did meanwhile. */
  async frames(seconds: number) {
    frames.length = 0;
    const before = threads();
    await pause(seconds * 1000);
    const after = threads();
    return { frames, main: after.main - before.main, all: after.all - before.all };
  },
  async idle(seconds: number) {
    const before = threads();
    await pause(seconds * 1000);
    const after = threads();
    return { cpu: after.all - before.all, wakeups: after.wakeups - before.wakeups };
  },
  /** Writes texts from the same prompt, each a branch of its own, until there are so many tokens. */
  async fill(tokens: number, count: number): Promise<void> {
    const { timeline } = studio.tuner!;
    const written = () => timeline.branches.reduce((sum, { length }) => sum + length, 0);
    while (written() < tokens) {
      const tuner = studio.tuner!;
      tuner.pause = undefined;
      tuner.goTo(0);
      tuner.turn('newSeed', 'g');
      tuner.play();
      await when(isAtRest);
      if (timeline.written.length !== count) throw new Error('a text came to an early end');
    }
  },
  /** Megabytes. */
  memory() {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { resident: rss / 2 ** 20, heap: heapUsed / 2 ** 20, external: external / 2 ** 20 };
  },
};
export type ScreenTasks = typeof tasks;

serve(tasks);
await closed;
process.disconnect();
