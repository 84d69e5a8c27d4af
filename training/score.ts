import type { LocalModel } from '../src/model/local-model.ts';
import { negativeLogLikelihood } from '../src/sampling/index.ts';

/** How well a model expects stories: losses in nats, over the bytes of what was predicted. */
export interface Score {
  tokens: number;
  bytes: number;
  nats: number;
  /** End marks, counted apart. */
  ends: number;
  endNats: number;
}

/**
 * Scores each story from its start, cut at the context, token by token with the cache: the way
 * stories are told. Tokens cut off count on neither side.
 */
export async function score(model: LocalModel, stories: readonly string[]): Promise<Score> {
  const { contextLength = Number.POSITIVE_INFINITY, endTokens } = model.info;
  const sum: Score = { tokens: 0, bytes: 0, nats: 0, ends: 0, endNats: 0 };
  for (const story of stories) {
    const told = model.tokenizer.encode(story);
    const tokens = [...told, endTokens[0]!].slice(0, contextLength + 1);
    const sequence = model.sequence();
    for (let at = 1; at < tokens.length; at++) {
      const loss = negativeLogLikelihood(await sequence.decode([tokens[at - 1]!]), tokens[at]!);
      if (at === told.length) {
        sum.ends += 1;
        sum.endNats += loss;
      } else {
        sum.tokens += 1;
        sum.nats += loss;
      }
    }
    sum.bytes += Buffer.byteLength(model.tokenizer.decode(tokens));
  }
  return sum;
}

/** Bits per UTF-8 byte. */
export const bitsPerByte = ({ nats, bytes }: Pick<Score, 'nats' | 'bytes'>): number =>
  nats / Math.LN2 / bytes;
