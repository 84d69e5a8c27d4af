import { TextMetrics } from '../../evaluation/index.ts';
import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';
import type { Model } from '../model.ts';
import type { TextPoint } from './recommend.ts';

/** Enough for a mean; a book has thousands. */
const MOST_PIECES = 64;

/** Where a reference text stands, and what of it was read. */
export interface Reference extends TextPoint {
  /** How many pieces it is the mean of, and how many tokens each has. */
  readonly pieces: number;
  readonly tokens: number;
}

/**
 * Where a text stands beside those of a sweep. A longer text repeats more of itself, so it is
 * measured in pieces of the length of the sweep's texts, each read behind as much of what comes
 * before it; of a long text 64 of them, spread evenly. What is left over at its end is not read.
 *
 * @param length tokens of a piece, an integer ≥ 1; a shorter text is one piece
 * @throws KelvinError `INVALID_ARGUMENT` for a text without a token that the model sees coming,
 *   which the first one is not
 */
export async function measureReference(
  model: Model,
  text: string,
  length: number,
  signal?: AbortSignal,
): Promise<Reference> {
  const tokens = await model.encode(text);
  const { contextLength = Number.POSITIVE_INFINITY } = model.info;
  // The first token of all is what the model goes on from.
  const seen = tokens.length - 1;
  if (seen < 1)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `reference must be a text with a token that the model sees coming, got ${show(text)}`,
    );
  const size = Math.min(length, seen, contextLength - 1);
  const pieces = Math.floor(seen / size);
  const read = Math.min(pieces, MOST_PIECES);
  const points: TextPoint[] = [];
  for (let i = 0; i < read; i++) {
    const start = 1 + size * Math.floor((i * pieces) / read);
    const before = Math.min(start, size, contextLength - size);
    points.push(await pointOf(model, tokens.slice(start - before, start + size), before, signal));
  }
  const mean = (value: (point: TextPoint) => number) =>
    points.reduce((sum, point) => sum + value(point), 0) / read;
  return {
    diversity: mean(({ diversity }) => diversity),
    coherence: mean(({ coherence }) => coherence),
    pieces: read,
    tokens: size,
  };
}

/** @param before how many of the tokens are only what is gone on from; ≥ 1 */
async function pointOf(
  model: Model,
  tokens: readonly number[],
  before: number,
  signal?: AbortSignal,
): Promise<TextPoint> {
  const metrics = new TextMetrics();
  let place = 0;
  for await (const { token, logprob } of model.score(tokens, signal))
    if (place++ >= before) metrics.push({ token, logprob: logprob! });
  const { diversity, coherence } = metrics.read();
  return { diversity, coherence: coherence! };
}
