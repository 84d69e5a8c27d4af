/**
 * Loss of an exported model on held-out stories, each from its start and cut at the context.
 *
 *   tsx training/evaluate.ts <model folder> <stories.txt> [context]
 *
 * Bits per byte count a story's own tokens over its own UTF-8 bytes; the end mark is reported
 * apart. Tokens cut off at the context count on neither side.
 */
import { readFileSync } from 'node:fs';
import { splitStories } from './corpus.ts';
import { openStory } from './session.ts';

const [folder = 'models/kelvin-story', file = 'training/stories.txt', limit] =
  process.argv.slice(2);
const story = await openStory(folder);
const context = Number(limit ?? story.context);
const stories = splitStories(readFileSync(file, 'utf8'));
let text = 0;
let end = 0;
let tokens = 0;
let ends = 0;
let bytes = 0;
for (const written of stories) {
  const ids = [0, ...story.encode(written), 0];
  const inputs = ids.slice(0, Math.min(context, ids.length - 1));
  const { logits } = await story.run([inputs]);
  for (let i = 0; i < inputs.length; i++) {
    const row = logits.subarray(i * story.vocabulary, (i + 1) * story.vocabulary);
    const target = ids[i + 1] ?? 0;
    const loss = Math.log(row.reduce((s, z) => s + Math.exp(z), 0)) - (row[target] ?? 0);
    if (target === 0) {
      end += loss;
      ends++;
    } else {
      text += loss;
      tokens++;
    }
  }
  bytes += Buffer.byteLength(
    ids.length - 2 > context ? story.decode(ids.slice(1, context + 1)) : written,
  );
}
const bits = (nats: number) => (nats / Math.LN2 / bytes).toFixed(4);
console.log(`${stories.length} stories, ${tokens} tokens, ${bytes} bytes`);
console.log(`${(text / tokens).toFixed(4)} nats per token, ${bits(text)} bits per byte`);
console.log(
  `with ${ends} end marks: ${((text + end) / (tokens + ends)).toFixed(4)} nats per token,`,
);
console.log(`${bits(text + end)} bits per byte`);
