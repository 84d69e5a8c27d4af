import fc from 'fast-check';
import { distinctN, selfBleu } from 'kelvin/evaluation';
import { describe, expect, it } from 'vitest';

const texts = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }), {
  minLength: 2,
  maxLength: 6,
});

/** Ids for words, so that published examples can be used as they are. */
function idsOf(...sentences: string[]): number[][] {
  const words = [...new Set(sentences.join(' ').split(' '))];
  return sentences.map((sentence) => sentence.split(' ').map((word) => words.indexOf(word)));
}

const ngrams = (text: number[], n: number) =>
  text.slice(n - 1).map((_, i) => text.slice(i, i + n).join());

/** BLEU of one text from its definition, with method 1 of Chen & Cherry. */
function bleu(text: number[], references: number[][]): number {
  const precisions = [1, 2, 3, 4].map((n) => {
    const own = ngrams(text, n);
    const count = (list: string[], gram: string) => list.filter((other) => other === gram).length;
    let matched = 0;
    for (const gram of new Set(own)) {
      const most = Math.max(...references.map((other) => count(ngrams(other, n), gram)));
      matched += Math.min(count(own, gram), most);
    }
    return [matched, Math.max(1, own.length)];
  });
  if (precisions[0][0] === 0) return 0;
  const [closest] = references
    .map(({ length }) => length)
    .sort((a, b) => Math.abs(a - text.length) - Math.abs(b - text.length) || a - b);
  const penalty = text.length > closest ? 1 : Math.exp(1 - closest / text.length);
  const product = precisions.reduce((all, [matched, total]) => all * ((matched || 0.1) / total), 1);
  return penalty * product ** (1 / 4);
}

describe('self-BLEU', () => {
  it('is the mean BLEU of each text with the others as references', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const each = all.map((text, i) => bleu(text, [...all.slice(0, i), ...all.slice(i + 1)]));
        const mean = each.reduce((a, b) => a + b, 0) / all.length;
        expect(Math.abs(selfBleu(all) - mean)).toBeLessThan(1e-12);
      }),
    );
  });

  it('is what one works out by hand', () => {
    // 4/5, 3/4, 2/3 and 1/2 of the first are in the second, which is a token longer.
    const first = Math.exp(1 - 6 / 5) * ((4 / 5) * (3 / 4) * (2 / 3) * (1 / 2)) ** 0.25;
    const second = ((4 / 6) * (3 / 5) * (2 / 4) * (1 / 3)) ** 0.25;
    const texts = [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 6, 7],
    ];
    expect(selfBleu(texts)).toBeCloseTo((first + second) / 2, 12);
  });

  it('is what NLTK 3.10 computes', () => {
    const sentences = idsOf(
      'It is a guide to action which ensures that the military always obeys the commands of the party',
      'It is to insure the troops forever hearing the activity guidebook that party direct',
      'It is a guide to action that ensures that the military will forever heed Party commands',
      'It is the guiding principle which guarantees the military forces always being under the command of the Party',
      'It is the practical guide for the army always to heed the directions of the party',
    );
    expect(selfBleu(sentences)).toBeCloseTo(0.24988016457232357, 14);
    expect(
      selfBleu([
        [1, 1, 1],
        [1, 2],
      ]),
    ).toBeCloseTo(0.10215971246210445, 14);
    expect(selfBleu([[1], [1]])).toBeCloseTo(0.1778279410038923, 14);
  });

  it('is 1 of equals, 0 of strangers, and of empty texts', () => {
    const text = [1, 2, 3, 4, 5];
    expect(selfBleu([text, text, text])).toBe(1);
    expect(
      selfBleu([
        [1, 2],
        [3, 4],
      ]),
    ).toBe(0);
    expect(selfBleu([[], []])).toBe(0);
  });

  it('needs two texts', () => {
    expect(() => selfBleu([[1, 2]])).toThrow('texts must have at least 2 entries, got 1');
  });
});

describe('distinct-n of several texts', () => {
  it('pools their n-grams', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 4 }), (all, n) => {
        const grams = all.flatMap((text) => ngrams(text, n));
        const expected = grams.length === 0 ? 1 : new Set(grams).size / grams.length;
        expect(distinctN(all, n)).toBe(expected);
      }),
    );
  });

  it('is refused for no text and for no length', () => {
    expect(() => distinctN([], 1)).toThrow('texts must have at least 1 entries, got 0');
    expect(() => distinctN([[1]], 0)).toThrow('n must be an integer in [1,');
  });
});
