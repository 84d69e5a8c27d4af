import { microsecondsSince, sink } from './contender.ts';
import { quantile } from './interleave.ts';
import { Sampler } from './kelvin.ts';
import { randomOf } from './random.ts';
import { rowsOf } from './rows.ts';

const VOCABULARY = 50_257;
const LENGTHS = [1000, 8000, 32_000];
const STEPS = 48;

const edits: Readonly<Record<string, object>> = {
  'no edit': {},
  penalties: { repetitionPenalty: 1.1, presencePenalty: 0.2, frequencyPenalty: 0.1 },
  DRY: { dry: { multiplier: 0.8 } },
};

/** Tokens as frequent as in natural text: the n-th with a probability proportional to 1/n. */
function natural(length: number): number[] {
  const random = randomOf(length);
  return Array.from({ length }, () => Math.floor(VOCABULARY ** random()) - 1);
}

const texts: Readonly<Record<string, (length: number) => number[]>> = {
  natural,
  loop: (length) => new Array(length).fill(7),
};

export interface HistoryCost {
  readonly edit: string;
  readonly text: string;
  readonly length: number;
  /** Microseconds of a token-only step and the acceptance of the next token. */
  readonly median: number;
  /** Relative to the shortest history of the same kind. */
  readonly ratio: number;
}

/** Steps at the end of a text: each draws a token, and then the text goes on as it was. */
function cost(options: object, text: number[]): number {
  const sampler = new Sampler({ temperature: 0.8, topK: 40, seed: 7, ...options }, VOCABULARY);
  const [logits] = rowsOf(VOCABULARY);
  sampler.reset(text.slice(0, -STEPS));
  const times = text.slice(-STEPS).map((token, step) => {
    sampler.row.set(logits);
    const start = performance.now();
    sink.value += sampler.sampleToken(sampler.row, { step });
    sampler.accept(token);
    return microsecondsSince(start);
  });
  return quantile(times.slice(STEPS / 4), 0.5);
}

/** What edits that look back cost, by how far back they can look. */
export function measureHistory(): HistoryCost[] {
  return Object.entries(edits).flatMap(([edit, options]) =>
    Object.entries(texts).flatMap(([text, make]) => {
      let shortest: number | undefined;
      return LENGTHS.map((length) => {
        const median = cost(options, make(length));
        shortest ??= median;
        return { edit, text, length, median, ratio: median / shortest };
      });
    }),
  );
}
