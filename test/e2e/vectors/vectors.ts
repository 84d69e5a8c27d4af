import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { chains, promptOf } from './chains.ts';
import { exact } from './exact.ts';
import { mathematics } from './mathematics.ts';
import { rows, shapeNames } from './rows.ts';

/** Around the lengths where the sampler changes how it works, up to that of today's models. */
const VOCABULARIES = [1, 2, 17, 64, 513, 1024, 8192, 8193, 32_000, 151_936];
const SEEDS = [7, 0, -1, 2 ** 31, 2 ** 53 - 1];

/** What a sampler tells of each step of a text, one line a call. */
function text(options: SamplingOptions, logits: readonly Float32Array[], own: boolean): string {
  const [{ length: vocabulary }] = logits;
  const prompt = promptOf(vocabulary);
  const sampler = new Sampler(options, own ? vocabulary : undefined);
  sampler.reset(prompt);
  // A constraint knows no history but the accepted one.
  const elsewhere = options.constraint ? { step: 90 } : { step: 90, history: prompt.slice(2) };
  const steps = logits.map((row) => [
    exact(() => sampler.inspect(row, { ...elsewhere, top: 12 })),
    exact(() => sampler.probabilities(row)),
    exact(() => sampler.sampleToken(row, elsewhere)),
    exact(() => sampler.sample(row, { top: 6 })),
  ]);
  sampler.rewind(0);
  const again = logits.map((row) => exact(() => sampler.sampleToken(row)));
  return [...steps.flat(), `again ${again}`].join('\n');
}

/** What is not about options. */
function basics(): Record<string, string> {
  const broken = (value: number) => rows('flat', 1000)[0].with(650, value);
  return {
    'a seed of its own': exact(() => Number.isSafeInteger(new Sampler().seed)),
    NaN: exact(() => new Sampler().sample(broken(Number.NaN))),
    Infinity: exact(() => new Sampler().sample(broken(Infinity))),
  };
}

/** The results of every vector by its name. The same on every engine, or a seed means nothing. */
export function vectors(largest: number): Record<string, string> {
  const results = { ...basics(), ...mathematics() };
  for (const [v, vocabulary] of VOCABULARIES.filter((size) => size <= largest).entries())
    for (const [c, [name, options]] of Object.entries(chains(vocabulary)).entries()) {
      const shape = shapeNames[(c + v) % shapeNames.length];
      const seed = SEEDS[(c + v) % SEEDS.length];
      const logits = rows(shape, vocabulary).slice(0, vocabulary > 10_000 ? 1 : 4);
      const own = c % 2 === 0;
      results[`${name}, ${shape} ${vocabulary}`] = text({ seed, ...options }, logits, own);
    }
  return results;
}
