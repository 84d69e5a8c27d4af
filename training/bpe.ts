/**
 * Byte-level byte-pair encoding: the pre-tokeniser of GPT-2, a trainer and an encoder.
 *
 * Only the training pipeline uses this; at run time `tokenizer.json` is read by transformers.js.
 */

/** The token before and after every story: beginning, end and padding at once. */
export const END_OF_TEXT = '<|endoftext|>';

const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Splits text into the pieces that merges never cross. */
export function words(text: string): string[] {
  return text.match(WORDS) ?? [];
}

/** GPT-2's printable stand-in for each byte, so that vocabulary entries are plain strings. */
export const BYTE_CHARS: readonly string[] = (() => {
  const printable = (b: number) =>
    (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : next++));
})();

/** A trained vocabulary: the text of each id (byte alphabet) and the merges in order of rank. */
export interface Bpe {
  readonly tokens: string[];
  readonly merges: Array<[string, string]>;
}

const key = (a: number, b: number) => a * 65536 + b;

/**
 * Learns merges from word counts until there are `size` tokens.
 * Ties go to the lower pair of ids, so that the same text gives the same file everywhere.
 */
export function trainBpe(counts: ReadonlyMap<string, number>, size: number): Bpe {
  const tokens = [END_OF_TEXT, ...[...BYTE_CHARS].sort((a, b) => (a < b ? -1 : 1))];
  const idOf = new Map(tokens.map((t, i) => [t, i]));
  const merges: Array<[string, string]> = [];
  const parts: number[][] = [];
  const weights: number[] = [];
  for (const [word, count] of counts) {
    parts.push([...Buffer.from(word)].map((b) => idOf.get(BYTE_CHARS[b] ?? '') ?? 0));
    weights.push(count);
  }
  const pairs = new Map<number, number>();
  const where = new Map<number, Set<number>>();
  const tally = (word: number, sign: number) => {
    const p = parts[word] ?? [];
    for (let i = 0; i + 1 < p.length; i++) {
      const k = key(p[i] ?? 0, p[i + 1] ?? 0);
      pairs.set(k, (pairs.get(k) ?? 0) + sign * (weights[word] ?? 0));
      let set = where.get(k);
      if (!set) {
        set = new Set();
        where.set(k, set);
      }
      set.add(word);
    }
  };
  for (let w = 0; w < parts.length; w++) tally(w, 1);
  while (tokens.length < size) {
    let best = -1;
    let most = 0;
    for (const [k, n] of pairs) {
      if (n > most || (n === most && n > 0 && k < best)) {
        best = k;
        most = n;
      }
    }
    if (best < 0) break;
    const a = Math.floor(best / 65536);
    const b = best % 65536;
    const id = tokens.length;
    tokens.push(`${tokens[a]}${tokens[b]}`);
    merges.push([tokens[a] ?? '', tokens[b] ?? '']);
    for (const w of where.get(best) ?? []) {
      tally(w, -1);
      parts[w] = join(parts[w] ?? [], a, b, id);
      tally(w, 1);
    }
    pairs.delete(best);
    where.delete(best);
  }
  return { tokens, merges };
}

function join(p: readonly number[], a: number, b: number, id: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < p.length; i++) {
    if (p[i] === a && p[i + 1] === b) {
      out.push(id);
      i++;
    } else out.push(p[i] ?? 0);
  }
  return out;
}

/** An encoder with a cache per word: a corpus has few distinct words. */
export function encoder(bpe: Bpe): (text: string) => number[] {
  const idOf = new Map(bpe.tokens.map((t, i) => [t, i]));
  const rank = new Map<number, number>();
  for (const [i, [a, b]] of bpe.merges.entries()) {
    rank.set(key(idOf.get(a) ?? 0, idOf.get(b) ?? 0), i);
  }
  const first = bpe.tokens.length - bpe.merges.length;
  const cache = new Map<string, number[]>();
  const encodeWord = (word: string) => {
    let p = [...Buffer.from(word)].map((b) => idOf.get(BYTE_CHARS[b] ?? '') ?? 0);
    for (;;) {
      let best = Infinity;
      for (let i = 0; i + 1 < p.length; i++) {
        best = Math.min(best, rank.get(key(p[i] ?? 0, p[i + 1] ?? 0)) ?? Infinity);
      }
      if (best === Infinity) return p;
      const [a, b] = bpe.merges[best] ?? ['', ''];
      p = join(p, idOf.get(a) ?? 0, idOf.get(b) ?? 0, first + best);
    }
  };
  return (text) =>
    words(text).flatMap((word) => {
      let ids = cache.get(word);
      if (!ids) {
        ids = encodeWord(word);
        cache.set(word, ids);
      }
      return ids;
    });
}
