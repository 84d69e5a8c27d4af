import { setTimeout as pause } from 'node:timers/promises';
import { randomOf } from '../random.ts';
import type { Contender, LoopTime } from './contender.ts';
import { type Cost, costOf, stopwatch } from './cost.ts';

type Time = Pick<Cost, 'wall' | 'cpu'>;

/** Tokens of no meaning, the same ones each time. */
function tokensOf(vocabulary: number, length: number, from = 0): number[] {
  const random = randomOf(from + 1);
  return Array.from({ length }, () => 1 + Math.floor(random() * (vocabulary - 1)));
}

/** What a contender's process can be asked; undefined where the contender cannot do it. */
export function tasksOf(contender: Contender, vocabulary: number) {
  let length = 0;
  let texts = 0;
  const reset = async () => {
    length = 0;
    await contender.reset!();
  };
  const extend = async (by: number) => {
    const logits = await contender.extend!(tokensOf(vocabulary, by, length));
    length += by;
    return logits;
  };
  return {
    /** A text: the whole of it, and the tokens behind the first. */
    async generate(prompt: number, count: number): Promise<{ all: Time; later: Time }> {
      const time = stopwatch();
      let later = time;
      let written = 0;
      // Another prompt each time: who remembers one must not gain by it.
      await contender.generate!(tokensOf(vocabulary, prompt, ++texts), count, () => {
        if (written++ === 0) later = stopwatch();
      });
      if (written !== count) throw new Error(`${written} tokens where ${count} were asked for`);
      return { all: time(), later: later() };
    },
    /** Several texts at once. */
    async batch(rows: number, prompt: number, count: number): Promise<Time | undefined> {
      if (!contender.batch) return undefined;
      const prompts = Array.from({ length: rows }, () => tokensOf(vocabulary, prompt, ++texts));
      const time = stopwatch();
      await contender.batch(prompts, count);
      return time();
    },
    /** Single tokens, from a text of `from` tokens on; from 0 on the text is a new one. */
    async steps(from: number, count: number): Promise<Time[]> {
      if (from < length) await reset();
      if (from > length) await extend(from - length);
      const times: Time[] = [];
      for (let i = 0; i < count; i++) {
        const time = stopwatch();
        await extend(1);
        times.push(time());
      }
      return times;
    },
    async prefill(tokens: number): Promise<Cost> {
      await reset();
      return costOf(() => extend(tokens));
    },
    /** The logits behind a prompt. */
    async logits(tokens: number): Promise<number[]> {
      await reset();
      return [...(await extend(tokens))];
    },
    loop: (prompt: number, count: number): Promise<LoopTime> =>
      contender.loop!(tokensOf(vocabulary, prompt), count),
    /** Milliseconds between the ticks of a timer, while writing and while doing nothing. */
    async ticks(prompt: number, count: number): Promise<{ busy: number; idle: number }> {
      const { all } = await this.generate(prompt, count);
      const idle = await between(() => pause(all.wall));
      return { idle, busy: await between(() => this.generate(prompt, count)) };
    },
  };
}

export type Tasks = ReturnType<typeof tasksOf>;

const TICK = 5;

async function between(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => ticks++, TICK);
  const { wall } = await costOf(work);
  clearInterval(timer);
  return wall / ticks;
}
