/**
 * A sweep beside its texts one by one; see README.md.
 *
 *   npm run bench:sweep
 */
import { loadavg } from 'node:os';
import type * as kelvin from 'kelvin';
import { quantile } from './interleave.ts';
import { distFolder } from './kelvin.ts';

const { generate, gridOf, loadModel, sweep } = (await import(
  new URL('index.js', distFolder).href
)) as typeof kelvin;

const PROMPT = 'Once upon a time';
const BAR = 0.5;
const ROUNDS = process.argv.includes('--quick') ? 1 : 3;

// What `kelvin sweep` does by itself.
const temperature = Array.from({ length: 21 }, (_, i) => i / 10);
const all = { grid: gridOf({ temperature }), samples: 8, seed: 7, maxTokens: 128 };

const model = await loadModel();

async function together(): Promise<string[]> {
  const texts: string[] = [];
  for await (const { setting, sample, text } of sweep(model, PROMPT, all))
    texts[setting * all.samples + sample] = text;
  return texts;
}

async function oneByOne(): Promise<string[]> {
  const texts: string[] = [];
  for (const options of all.grid)
    for (let sample = 0; sample < all.samples; sample++) {
      const run = { ...options, seed: all.seed + sample, maxTokens: all.maxTokens };
      texts.push((await generate(model, PROMPT, run).result()).text);
    }
  return texts;
}

async function timed(work: () => Promise<string[]>) {
  const start = performance.now();
  const texts = await work();
  return { texts, seconds: (performance.now() - start) / 1000 };
}

await generate(model, PROMPT, { maxTokens: all.maxTokens }).result();
const rounds = [];
for (let round = 0; round < ROUNDS; round++)
  rounds.push({ sweep: await timed(together), alone: await timed(oneByOne) });
await model.dispose();

const median = (values: number[]) => quantile(values, 0.5);
const seconds = median(rounds.map(({ sweep }) => sweep.seconds));
const alone = median(rounds.map(({ alone }) => alone.seconds));
const ratio = median(rounds.map(({ sweep, alone }) => sweep.seconds / alone.seconds));
const [first] = rounds;
const differ = first.sweep.texts.filter((text, i) => text !== first.alone.texts[i]).length;
console.log(`sweep       ${seconds.toFixed(2)} s
one by one  ${alone.toFixed(2)} s
ratio       ${ratio.toFixed(2)}  bar ${BAR}: ${ratio <= BAR ? 'within' : 'MISSED'}
${differ} of ${first.sweep.texts.length} texts differ; load ${loadavg()[0].toFixed(1)}`);
