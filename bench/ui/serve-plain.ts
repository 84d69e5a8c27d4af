/** A process that writes texts without a screen: `serve-plain.ts FOLDER THREADS`. */
import { openPlain } from '../kelvin-ui.ts';
import { serve } from './asked.ts';
import { options } from './setting.ts';
import { stopwatch, type Wrote } from './wrote.ts';

const [, , folder, threads] = process.argv;
const generate = await openPlain(folder, Number(threads));

const tasks = {
  async write(prompt: string, seed: number, count: number): Promise<Wrote> {
    const all = stopwatch();
    let later = all;
    let text = '';
    let tokens = 0;
    for await (const step of generate(prompt, { ...options, seed, maxTokens: count })) {
      if (tokens === 0) later = stopwatch();
      text += step.text;
      tokens += 1;
    }
    return { text, tokens, all: all(), later: { ...later(), tokens: tokens - 1 } };
  },
};
export type PlainTasks = typeof tasks;

serve(tasks);
