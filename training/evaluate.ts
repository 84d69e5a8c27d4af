/**
 * Loss of an exported model on held-out stories, through kelvin's own runner.
 *
 *   tsx training/evaluate.ts <model folder> <stories.txt>
 */
import { readFileSync } from 'node:fs';
import { LocalModel } from '../src/model/local-model.ts';
import { splitStories } from './corpus.ts';
import { bitsPerByte, score } from './score.ts';

const [folder = 'models/kelvin-story', file = 'training/stories.txt'] = process.argv.slice(2);
const model = await LocalModel.open(folder);
const stories = splitStories(readFileSync(file, 'utf8'));
const { tokens, bytes, nats, ends, endNats } = await score(model, stories);
await model.dispose();

const withEnds = { nats: nats + endNats, bytes };
console.log(`${stories.length} stories, ${tokens} tokens, ${bytes} bytes`);
console.log(
  `${(nats / tokens).toFixed(4)} nats per token, ${bitsPerByte({ nats, bytes }).toFixed(4)} bits per byte`,
);
console.log(
  `with ${ends} end marks: ${(withEnds.nats / (tokens + ends)).toFixed(4)} nats per token, ${bitsPerByte(withEnds).toFixed(4)} bits per byte`,
);
