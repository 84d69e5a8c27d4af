import { join } from 'node:path';
import { z } from 'zod';
import { KelvinError } from '../sampling/error.ts';
import { readJsonFile } from './json-file.ts';

const Step = z.looseObject({
  type: z.string(),
  decoders: z.array(z.unknown()).optional(),
  pattern: z.unknown().optional(),
  content: z.unknown().optional(),
});
const TokenizerFile = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean().optional() }))
    .nullish(),
  decoder: Step.nullish(),
  model: z.looseObject({
    vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string()], z.unknown()))]),
    unk_token: z.string().nullish(),
  }),
});
type Decode = (piece: string) => Uint8Array;

/**
 * The bytes that each token writes in the middle of a text; none for special tokens, end tokens and
 * ids that name no token. A tokenizer's decoder says how its pieces spell bytes: byte-level ones in
 * GPT-2's alphabet, SentencePiece ones with `▁` for a space and `<0x0A>` for a lone byte.
 *
 * @param folder of the model
 * @param size of the vocabulary, padding included
 * @throws KelvinError `MODEL_UNSUPPORTED` for a decoder of another kind, `MODEL_FILE` for a file
 *   that is missing or broken
 */
export async function tokenBytes(
  folder: string,
  size: number,
  endTokens: readonly number[],
): Promise<Uint8Array[]> {
  const [{ model, added_tokens, decoder }, config] = await Promise.all([
    readJsonFile(join(folder, 'tokenizer.json'), TokenizerFile),
    readJsonFile(join(folder, 'tokenizer_config.json'), z.looseObject({})),
  ]);
  const decode = decodeOf(stepsOf(decoder));
  const silent = new Set([...namesIn(config), model.unk_token ?? undefined]);
  const pieces: readonly (readonly [string, number])[] = Array.isArray(model.vocab)
    ? model.vocab.map(([piece], id) => [piece, id])
    : Object.entries(model.vocab);
  const none = new Uint8Array();
  const bytes: Uint8Array[] = Array.from({ length: size }, () => none);
  for (const [piece, id] of pieces) bytes[id] = silent.has(piece) ? none : decode(piece);
  // What was added to a vocabulary is written as it stands.
  for (const { id, content, special } of added_tokens ?? [])
    bytes[id] = special || silent.has(content) ? none : utf8.encode(content);
  for (const id of endTokens) bytes[id] = none;
  return bytes.slice(0, size);
}

const utf8 = new TextEncoder();

/** The special tokens that `tokenizer_config.json` names: `bos_token` and the like. */
function namesIn(config: Readonly<Record<string, unknown>>): unknown[] {
  const named = Object.entries(config).filter(([name]) => /_tokens?$/.test(name));
  return named
    .flatMap(([, value]) => value)
    .map((value) => (value as { content?: unknown } | null)?.content ?? value);
}

/** The steps of a decoder, those in a sequence one by one. */
function stepsOf(decoder: unknown): readonly string[] {
  const { success, data } = Step.safeParse(decoder);
  if (!success) return [];
  const { type, decoders = [], pattern, content } = data;
  if (type === 'Sequence') return decoders.flatMap(stepsOf);
  const isSpace = (pattern as { String?: unknown })?.String === '▁' && content === ' ';
  return [type === 'Replace' && !isSpace ? 'Replace of something else' : type];
}

function decodeOf(steps: readonly string[]): Decode {
  const others = (known: readonly string[]) => steps.some((step) => !known.includes(step));
  if (steps.includes('ByteLevel') && !others(['ByteLevel'])) return byteLevel;
  const isPieces = steps.includes('Metaspace') || steps.includes('Replace');
  if (isPieces && !others(['Replace', 'ByteFallback', 'Fuse', 'Strip', 'Metaspace']))
    return steps.includes('ByteFallback') ? withBytes : spaced;
  throw new KelvinError(
    'MODEL_UNSUPPORTED',
    `responseFormat: no text of this model can be held to a format, as its tokenizer.json does not tell the bytes of its tokens: the decoder is ${steps.join(', ') || 'absent'}, neither byte-level nor SentencePiece's`,
  );
}

const spaced: Decode = (piece) => utf8.encode(piece.replaceAll('▁', ' '));

const withBytes: Decode = (piece) => {
  const [, byte] = /^<0x([0-9A-Fa-f]{2})>$/.exec(piece) ?? [];
  return byte === undefined ? spaced(piece) : Uint8Array.of(Number.parseInt(byte, 16));
};

// GPT-2's: a printable character stands for itself, the others for the next ones from U+0100 on.
const isPlain = (byte: number) =>
  (byte > 32 && byte < 127) || (byte > 160 && byte < 256 && byte !== 173);
const ALPHABET = new Map<string, number>();
for (let byte = 0, next = 256; byte < 256; byte++)
  ALPHABET.set(String.fromCharCode(isPlain(byte) ? byte : next++), byte);

const byteLevel: Decode = (piece) => {
  const bytes = Array.from(piece, (character) => ALPHABET.get(character));
  // As in the library, one character that is no byte makes a piece stand for itself.
  return bytes.includes(undefined) ? utf8.encode(piece) : Uint8Array.from(bytes as number[]);
};
