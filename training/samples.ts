/**
 * Stories at several temperatures, in Markdown, for the model's card: what `kelvin generate "Once
 * upon a time" --temperature τ --seed s` writes.
 *
 *   tsx training/samples.ts <model folder> [seed ...]
 */
import { run } from '../src/generation/loop.ts';
import { resolveSettings } from '../src/generation/settings.ts';
import { LocalModel } from '../src/model/local-model.ts';

const PROMPT = 'Once upon a time';
const [folder = 'models/kelvin-story', ...seeds] = process.argv.slice(2);
const model = await LocalModel.open(folder);

for (const temperature of [0, 0.3, 0.7, 1, 1.5]) {
  for (const seed of temperature === 0 ? [1] : (seeds.length ? seeds : ['1', '2']).map(Number)) {
    const { text, ended } = await tell(temperature, seed);
    console.log(`**τ ${temperature}, seed ${seed}**${ended ? '' : ' (cut at the token limit)'}\n`);
    console.log(`${(PROMPT + text).replace(/^/gm, '> ').replace(/\n> /g, '  \n> ')}\n`);
  }
}
await model.dispose();

async function tell(temperature: number, seed: number): Promise<{ text: string; ended: boolean }> {
  const request = resolveSettings(PROMPT, { temperature, seed }, model.info);
  const steps = run(model, request, new AbortController().signal);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { text: value.text, ended: value.finishReason === 'end' };
  }
}
