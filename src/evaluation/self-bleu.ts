import { exp } from '../sampling/exp.ts';
import { log } from '../sampling/log.ts';
import { checkTexts, countNgrams } from './distinct.ts';

/** N-grams of up to four tokens count alike: BLEU-4. */
const ORDER = 4;
/** What is taken for a number of matches of 0: "method 1" of Chen & Cherry 2014. */
const SMOOTHING = 0.1;

/** The most often that an n-gram stands in one text, which one, and the most in another one. */
interface Most {
  readonly count: number;
  readonly text: number;
  readonly other: number;
}

/** Of n-grams of one length in each text: how many are there, and how many are in others too. */
function matches(texts: readonly (readonly number[])[], n: number) {
  const counts = texts.map((text) => countNgrams(text, n));
  const most = new Map<string, Most>();
  for (const [text, grams] of counts.entries())
    for (const [gram, count] of grams) {
      const known = most.get(gram) ?? { count: 0, text, other: 0 };
      if (count > known.count) most.set(gram, { count, text, other: known.count });
      else if (count > known.other) most.set(gram, { ...known, other: count });
    }
  return counts.map((grams, index) => {
    let matched = 0;
    for (const [gram, count] of grams) {
      const { count: largest, text, other } = most.get(gram)!;
      matched += Math.min(count, text === index ? other : largest);
    }
    return { matched, total: Math.max(1, texts[index].length - n + 1) };
  });
}

/** The factor for a text shorter than the other one that is closest in length. */
function brevity(texts: readonly (readonly number[])[], index: number): number {
  const { length } = texts[index];
  let closest = Infinity;
  for (const [i, other] of texts.entries()) {
    const nearer = Math.abs(other.length - length) - Math.abs(closest - length);
    if (i !== index && (nearer < 0 || (nearer === 0 && other.length < closest)))
      closest = other.length;
  }
  return length >= closest ? 1 : exp(1 - closest / length);
}

/**
 * Self-BLEU (Zhu et al. 2018): how alike several texts are, the mean BLEU-4 of each with all the
 * others as its references. 1 where all are the same, 0 where no two share a token.
 *
 * BLEU is that of Papineni et al. 2002 for one sentence: clipped matches, equal weights, brevity
 * penalty by the closest reference. Where no n-gram of a length matches, 0.1 is counted as
 * matched, and where a text has none, one as there ("method 1" of NLTK, as Holtzman et al. 2019).
 *
 * @param texts token ids of two texts or more
 * @returns in [0, 1]
 * @throws KelvinError INVALID_ARGUMENT
 * @example
 * import { selfBleu } from 'kelvin/evaluation';
 * selfBleu([[1, 2, 3, 4], [1, 2, 3, 4]]); // => 1
 */
export function selfBleu(texts: readonly (readonly number[])[]): number {
  checkTexts(texts, 2);
  const sizes = Array.from({ length: ORDER }, (_, i) => matches(texts, i + 1));
  let sum = 0;
  for (const index of texts.keys()) {
    if (sizes[0][index].matched === 0) continue;
    let logs = 0;
    for (const size of sizes)
      logs += log((size[index].matched || SMOOTHING) / size[index].total) / ORDER;
    sum += brevity(texts, index) * exp(logs);
  }
  return sum / texts.length;
}
