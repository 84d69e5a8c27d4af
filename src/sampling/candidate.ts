/** One token as the model saw it and as the chain left it. */
export interface Candidate {
  readonly token: number;
  /** The model's own probability: softmax at τ = 1 before any edit. */
  readonly raw: number;
  /** The probability it is drawn with; 0 if it was cut. */
  readonly shaped: number;
  /** The stage that cut it: a name as in `order`, or 'model' for a logit of −Infinity. */
  readonly cutBy?: string;
}

/** A candidate at an edge: the last one that is kept, or the first one that a stage cut. */
export interface Edge extends Candidate {
  /** Its place in the raw distribution, 1 = most likely; among equals by id. */
  readonly rank: number;
}

/** A candidate with what its shaped probability is made of. */
export interface Chance extends Candidate {
  /** Its logit after all edits, −Infinity if it was banned. */
  readonly logit: number;
  /** τ in effect: as {@link Distribution.temperature}. */
  readonly temperature: number;
}
