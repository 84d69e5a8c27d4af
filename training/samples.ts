/**
 * Stories told by an exported model, with plain softmax sampling and seeds, in Markdown.
 *
 *   tsx training/samples.ts <model folder> [seed ...]
 */
import { openStory } from './session.ts';

const [folder = 'models/kelvin-story', ...seeds] = process.argv.slice(2);
const story = await openStory(folder);
const PROMPT = 'Once upon a time';

/** mulberry32: a small generator of numbers in [0, 1). */
function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function tell(temperature: number, seed: number): Promise<{ text: string; ended: boolean }> {
  const next = random(seed);
  const told = story.encode(PROMPT);
  let { logits, cache } = await story.run([[0, ...told]]);
  while (told.length < 256) {
    const row = logits.slice(-story.vocabulary);
    const top = row.reduce((m, x) => Math.max(m, x), -Infinity);
    let pick = row.indexOf(top);
    if (temperature > 0) {
      const weights = Array.from(row, (x) => Math.exp((x - top) / temperature));
      let left = next() * weights.reduce((s, x) => s + x, 0);
      pick = weights.findIndex((x) => {
        left -= x;
        return left < 0;
      });
    }
    if (pick <= 0) return { text: story.decode(told), ended: true };
    told.push(pick);
    ({ logits, cache } = await story.run([[pick]], cache));
  }
  return { text: story.decode(told), ended: false };
}

for (const temperature of [0, 0.3, 0.7, 1.0, 1.5]) {
  for (const seed of temperature === 0 ? [0] : (seeds.length ? seeds : ['1', '2']).map(Number)) {
    const { text, ended } = await tell(temperature, seed);
    const label = temperature === 0 ? 'τ 0' : `τ ${temperature}, seed ${seed}`;
    console.log(`**${label}**${ended ? '' : ' (cut at 256 tokens)'}\n`);
    console.log(`${text.replace(/^/gm, '> ').replace(/\n> /g, '  \n> ')}\n`);
  }
}
