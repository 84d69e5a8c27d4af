/**
 * Corpus folder -> tokenizer.json and the trainer's input.
 *
 *   tsx training/prepare.ts <corpus folder> <model folder> <work folder>
 *
 * Writes tokenizer.json to the model folder, and to the work folder train.bin and valid.bin
 * (uint16 ids, every story opened by id 0) and lengths.bin (UTF-8 bytes of each token, uint8).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bpe, END_OF_TEXT, encoder, trainBpe, words } from './bpe.ts';
import { loadCorpus } from './corpus.ts';

const VOCABULARY = 2048;

const [corpus = '../shared/corpus', model = 'models/kelvin-story', work = '/tmp/train'] =
  process.argv.slice(2);
mkdirSync(model, { recursive: true });
mkdirSync(work, { recursive: true });

const { train, valid, dropped } = loadCorpus(corpus);
const counts = new Map<string, number>();
for (const story of train) {
  for (const word of words(story)) counts.set(word, (counts.get(word) ?? 0) + 1);
}
const bpe = trainBpe(counts, VOCABULARY);
writeFileSync(join(model, 'tokenizer.json'), `${JSON.stringify(tokenizerJson(bpe), null, 1)}\n`);

const encode = encoder(bpe);
for (const [name, stories] of [
  ['train', train],
  ['valid', valid],
] as const) {
  const ids = stories.flatMap((story) => [0, ...encode(story)]);
  writeFileSync(join(work, `${name}.bin`), Uint16Array.from(ids));
  console.log(`${name}: ${stories.length} stories, ${ids.length} tokens`);
}
// One character of the byte alphabet is one byte; the end mark is no text.
const lengths = bpe.tokens.map((t) => (t === END_OF_TEXT ? 0 : [...t].length));
writeFileSync(join(work, 'lengths.bin'), Uint8Array.from(lengths));
console.log(`dropped ${dropped} repeats and near copies of held-out stories`);

/** The file as Hugging Face's tokenizers write it; merges as strings, which every reader takes. */
function tokenizerJson({ tokens, merges }: Bpe): unknown {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
  const special = { SpecialToken: { id: END_OF_TEXT, type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: 0,
        content: END_OF_TEXT,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: { ...byteLevel, use_regex: true },
    // Every text begins with the mark that every story was trained to begin with.
    post_processor: {
      type: 'TemplateProcessing',
      single: [special, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [special, { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { [END_OF_TEXT]: { id: END_OF_TEXT, ids: [0], tokens: [END_OF_TEXT] } },
    },
    decoder: { ...byteLevel, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((t, i) => [t, i])),
      merges: merges.map(([a, b]) => `${a} ${b}`),
    },
  };
}
