import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spliced } from '../../../src/cli/chat/splice.ts';

/** Tokens 0 to 5; `|` is special, and no text. */
const WORDS = ['a', 'b', 'ab', 'ba', '\n', ''];
const SPECIAL = 5;

const text = (tokens: readonly number[]) => tokens.map((token) => WORDS[token]).join('');
const model = { decode: async (tokens: readonly number[]) => text(tokens) };

/** The longest tokens first, as a tokenizer takes them. */
function encode(whole: string): number[] {
  const tokens: number[] = [];
  let rest = whole;
  while (rest !== '') {
    const longest = WORDS.map((word, token) => ({ word, token }))
      .filter(({ word, token }) => token !== SPECIAL && rest.startsWith(word))
      .toSorted((a, b) => b.word.length - a.word.length)[0]!;
    tokens.push(longest.token);
    rest = rest.slice(longest.word.length);
  }
  return tokens;
}

const anyTokens = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 });

describe('a prompt with an answer in its own tokens', () => {
  it('keeps them between special tokens, and the text', async () => {
    await fc.assert(
      fc.asyncProperty(anyTokens, anyTokens, anyTokens, async (before, answer, after) => {
        const first = [...encode(text(before)), SPECIAL];
        const end = [SPECIAL, ...encode(text(after)), SPECIAL];
        const prompt = { canonical: first, tokens: [...before, SPECIAL] };
        const canonical = [...first, ...encode(text(answer)), ...end];
        const { canonical: kept, tokens } = await spliced(model, prompt, answer, canonical);
        expect(kept).toEqual(canonical);
        expect(tokens).toEqual([...before, SPECIAL, ...answer, ...end]);
      }),
    );
  });

  it('has the same text whatever is at its edges', async () => {
    await fc.assert(
      fc.asyncProperty(anyTokens, anyTokens, anyTokens, async (before, answer, after) => {
        const first = encode(text(before));
        const prompt = { canonical: first, tokens: before };
        const canonical = encode(text([...before, ...answer, ...after]));
        const { tokens } = await spliced(model, prompt, answer, canonical);
        expect(text(tokens)).toBe(text(canonical));
      }),
    );
  });

  it.each([
    ['the text before it is another', [0, SPECIAL], [0], [1, SPECIAL, 0, SPECIAL]],
    ['the template changes the answer', [SPECIAL], [0, 4], [SPECIAL, 0, SPECIAL]],
    ['a token goes across its end', [SPECIAL], [0], [SPECIAL, 2, SPECIAL]],
  ])('is as the tokenizer makes it where %s', async (_, first, answer, canonical) => {
    const prompt = { canonical: first, tokens: first };
    expect(await spliced(model, prompt, answer, canonical)).toEqual({
      canonical,
      tokens: canonical,
    });
  });
});
