import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDecoder } from '../../test/model/decoders/folder.ts';
import { type DecoderShape, tinyGpt2 } from '../../test/model/decoders/shape.ts';
import { story } from '../../test/model/folders.ts';
import { writeGguf } from './gguf-decoder.ts';

/** A model all contenders can open: a folder in the transformers.js layout, and a GGUF of it. */
export interface Model {
  readonly name: string;
  readonly folder: string;
  readonly gguf?: string;
  readonly vocabulary: number;
}

/** The smallest GPT-2, with room for longer texts. */
const gpt2s: DecoderShape = {
  ...tinyGpt2,
  layers: 12,
  width: 768,
  heads: 12,
  kvHeads: 12,
  inner: 3072,
  vocabulary: 50_257,
  context: 2304,
};
/** A sixth of it, with the same vocabulary: to see that everything runs. */
const quick: DecoderShape = { ...gpt2s, layers: 4, width: 256, heads: 4, kvHeads: 4, inner: 1024 };
/** About 50 tokens a second on one thread. */
const fifty: DecoderShape = { ...gpt2s, layers: 10 };
const sizes = { gpt2s, quick, fifty };

const exports = {
  fp32: {},
  gqa: { attention: 'gqa' },
  q4: { body: 'q4', head: 'q4' },
} as const satisfies Record<string, Partial<DecoderShape>>;

const cache = fileURLToPath(new URL('../.models/', import.meta.url));

/** A model with random weights, made where there is none yet. */
export function randomModel(size: keyof typeof sizes, variant: keyof typeof exports): Model {
  const shape = { ...sizes[size], ...exports[variant] };
  const name = `${size}-${variant}`;
  const folder = cached(name, shape, (path) => {
    writeDecoder(shape, path);
    // The only one with weights llama.cpp takes as they are; `fifty` is for no other contender.
    if (variant === 'fp32' && size !== 'fifty') writeGguf(shape, join(path, 'model.gguf'));
  });
  const gguf = join(folder, 'model.gguf');
  return { name, folder, vocabulary: shape.vocabulary, ...(existsSync(gguf) ? { gguf } : {}) };
}

export const storyModel: Model = { name: 'story', folder: story, vocabulary: 2048 };

/** What `make` wrote for these facts, which are kept beside it. */
function cached(name: string, facts: object, make: (path: string) => void): string {
  const folder = join(cache, name);
  const note = join(folder, 'made-from.json');
  const told = JSON.stringify(facts);
  if (existsSync(note) && readFileSync(note, 'utf8') === told) return folder;
  console.error(`making ${name} ...`);
  const unfinished = join(cache, `${name}.unfinished`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  make(unfinished);
  writeFileSync(join(unfinished, 'made-from.json'), told);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}
