import { Engine } from '../sampling/engine.ts';

/** How a model saw a token coming. */
export interface Measured {
  /** ln of its probability under the model alone. */
  readonly logprob: number;
  /** Entropy of the model's own distribution, in nats. */
  readonly rawEntropy: number;
  /** Its place among all tokens, 1 for the likeliest. */
  readonly rank: number;
}

/** A function that measures tokens by the rows of logits in front of them. */
export function measuring(vocabularySize: number) {
  const engine = new Engine(vocabularySize);
  return (row: Float32Array, token: number): Measured => {
    engine.load(row);
    const { raw } = engine;
    return { logprob: raw.logProbability(token), rawEntropy: raw.entropy, rank: raw.rank(token) };
  };
}
