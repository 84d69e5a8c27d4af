import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TextStream } from '../../src/generation/text-stream.ts';
import { loadTokenizer, type Tokenizer } from '../../src/model/tokenizer.ts';
import { hasLlama, llama, story } from '../model/folders.ts';

const REPLACEMENT = '\uFFFD';
const TEXTS = [
  'Hello, world! A plain line.\nAnd another.',
  '  two  spaces and\ttabs \n\n  at both ends  ',
  'naïve café, Grüße, Ελληνικά, русский',
  'precomposed é, combining e\u0301 and a\u0308\u0323',
  '👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 👍🏽 thumb, 🇫🇷🇯🇵 flags, 1️⃣',
  'नमस्ते दुनिया, क्षत्रिय',
  '안녕하세요 세계, 각 ㄱㅏㄱ',
  '日本語の文章。中文字符，𠮷野家',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀😃😄',
];

const families = [
  {
    name: 'byte-level BPE',
    folder: story,
    vocabulary: 2048,
    byteToken: byteLevelToken,
    there: true,
  },
  {
    name: 'Llama with byte fallback',
    folder: llama,
    vocabulary: 512,
    byteToken: (byte: number) => 3 + byte,
    there: hasLlama,
  },
];

describe.each(families)('text stream of $name', ({ folder, vocabulary, byteToken, there }) => {
  let tokenizer: Tokenizer;
  /** Token of each byte, however the family writes it. */
  let byteTokens: number[];

  beforeAll(async () => {
    if (!there) return;
    tokenizer = await loadTokenizer(folder);
    byteTokens = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  });

  const stream = (context: readonly number[], tokens: readonly number[]) => {
    const text = new TextStream(tokenizer.decode, context);
    const pieces = tokens.map((token) => text.push(token));
    return { pieces, rest: text.flush() };
  };

  it.skipIf(!there)('joins to the whole decoded at once, for any tokens', () => {
    const token = fc.oneof(
      fc.nat({ max: vocabulary - 1 }),
      fc.nat({ max: 255 }).map((byte) => byteTokens[byte]!),
      fc.constant(0),
    );
    const some = fc.array(token, { maxLength: 60 });
    fc.assert(
      fc.property(some, some, (context, tokens) => {
        const { pieces, rest } = stream(context, tokens);
        const before = tokenizer.decode(context);
        const whole = tokenizer.decode([...context, ...tokens]);
        const shared = whole.startsWith(before) ? before : before.slice(0, -REPLACEMENT.length);
        expect(shared + pieces.join('') + rest).toBe(whole);
      }),
      { numRuns: 1500, seed: 1 },
    );
  });

  it.skipIf(!there)('completes a character with the token that completes it', () => {
    const points = fc
      .integer({ min: 1, max: 0x10ffff })
      .filter(
        (point) => (point < 0xd800 || point > 0xdfff) && point !== 0xfffd && point !== 0xfeff,
      );
    const text = fc.array(points, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, (codes) => {
        const characters = codes.map((point) => String.fromCodePoint(point));
        const prompt = tokenizer.encode('x');
        const bytes = characters.map((character) =>
          [...new TextEncoder().encode(character)].map((byte) => byteTokens[byte]!),
        );
        const expected = characters.flatMap((character, index) => [
          ...Array(bytes[index]!.length - 1).fill(''),
          character,
        ]);
        expect(stream(prompt, bytes.flat())).toEqual({ pieces: expected, rest: '' });
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it.skipIf(!there).each(TEXTS)('never shows half a character of %j', (text) => {
    const tokens = tokenizer.encode(text);
    const { pieces, rest } = stream([], tokens);
    expect(rest).toBe('');
    expect(pieces.join('')).toBe(text);
    expect(pieces.filter((piece) => piece.includes(REPLACEMENT))).toEqual([]);
  });

  it.skipIf(!there)('shows what the context begins and the text completes', () => {
    const [a, b, c, d] = [...new TextEncoder().encode('😀')].map((byte) => byteTokens[byte]!);
    expect(stream([a!, b!], [c!, d!])).toEqual({ pieces: ['', '😀'], rest: '' });
    expect(stream([a!, b!], [byteTokens[65]!])).toEqual({ pieces: ['A'], rest: '' });
    expect(stream([a!, b!], [c!])).toEqual({ pieces: [''], rest: '' });
    expect(stream([], [a!, b!])).toEqual({ pieces: ['', ''], rest: REPLACEMENT });
  });

  it.skipIf(!there)('keeps the space of a word behind any number of special tokens', () => {
    const [context, tokens] = ['Once', 'Once upon a'].map((text) => tokenizer.encode(text));
    const special = Array(50).fill(0);
    const { pieces } = stream([...context!, ...special], [0, ...tokens!.slice(context!.length)]);
    expect(pieces.join('')).toBe(' upon a');
  });

  it.skipIf(!there).each([
    ['words', () => tokenizer.encode('Once upon a time there was a little girl')],
    ['bytes that are no text', () => [byteTokens[0x80]!]],
    ['beginnings of characters', () => [byteTokens[0xf0]!, byteTokens[0x9f]!]],
    ['emoji in bytes', () => [0xf0, 0x9f, 0x98, 0x80].map((byte) => byteTokens[byte]!)],
  ])('decodes no more for a later token than for an early one: %s', (_, cycle) => {
    const decoded: number[] = [];
    const text = new TextStream((tokens) => {
      decoded.push(tokens.length);
      return tokenizer.decode(tokens);
    });
    const tokens = cycle();
    for (let i = 0; i < 2000; i++) text.push(tokens[i % tokens.length]!);
    expect(decoded.length).toBeLessThan(2 * 2000);
    expect(Math.max(...decoded)).toBeLessThanOrEqual(32);
  });
});

/** Vocabularies in GPT-2's order begin with the bytes: the printable ones, then the others. */
function byteLevelToken(byte: number): number {
  const printable = (code: number) =>
    (code > 32 && code < 127) || (code > 160 && code !== 173) ? 0 : 1;
  const order = Array.from({ length: 256 }, (_, code) => code);
  return 1 + order.sort((a, b) => printable(a) - printable(b) || a - b).indexOf(byte);
}
