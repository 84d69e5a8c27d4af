/**
 * Checks an exported model: decoding with the cache equals computing everything anew, a
 * left-padded row equals the row alone, and any text survives the tokenizer.
 *
 *   tsx training/verify.ts <model folder>
 */
import { openStory } from './session.ts';

const story = await openStory(process.argv[2] ?? 'models/kelvin-story');
const best = (row: Float32Array) => row.reduce((b, x, i) => (x > (row[b] ?? 0) ? i : b), 0);
const lastRow = (logits: Float32Array) => logits.slice(-story.vocabulary);
const far = (a: Float32Array, b: Float32Array) =>
  a.reduce((m, x, i) => Math.max(m, Math.abs(x - (b[i] ?? 0))), 0);

const ids = [0, ...story.encode('Once upon a time, there was a little robot')];
let { logits, cache } = await story.run([ids]);
let different = 0;
let distance = 0;
for (let i = 0; i < 200; i++) {
  const next = best(lastRow(logits));
  const whole = lastRow((await story.run([ids])).logits);
  if (best(whole) !== next) different++;
  distance = Math.max(distance, far(whole, lastRow(logits)));
  ids.push(next);
  ({ logits, cache } = await story.run([[next]], cache));
}
console.log(`cache against recomputation: ${different} of 200 differ, logits by ${distance}`);

const long = [0, ...story.encode('Tom and his dog went to the park to play with a ball.')];
const short = [0, ...story.encode('Lily had a cat')];
const pad = long.length - short.length;
const mask = [long.map(() => 1), long.map((_, i) => (i < pad ? 0 : 1))];
const positions = [long.map((_, i) => i), long.map((_, i) => Math.max(0, i - pad))];
const padded = [long, [...Array<number>(pad).fill(0), ...short]];
const batch = await story.run(padded, undefined, mask, positions);
const step = await story.run(
  [[5], [5]],
  batch.cache,
  mask.map((row) => [...row, 1]),
  [[long.length], [short.length]],
);
const alone = await Promise.all(
  [long, short].map(async (row) => (await story.run([[5]], (await story.run([row])).cache)).logits),
);
const error = Math.max(...alone.map((row, i) => far(row, step.logits.slice(i * row.length))));
console.log(`a left-padded batch against each row alone: logits differ by ${error}`);

const odd = "Zoë said “naïve” 🦊👩‍👩‍👧 to\tthe\n\n数 42 don't  stop";
const same = story.decode(story.encode(odd)) === odd;
console.log(`tokenizer: ${same ? 'round trip' : 'TEXT CHANGED'}`);
if (different || error > 1e-3 || !same) process.exitCode = 1;
