/** A point of the plane of what a distribution offers and what it keeps, in nats. */
export interface TradeOff {
  /** H(q): the entropy of what is drawn from. */
  readonly diversity: number;
  /** E_q[ln p]: how likely the model itself finds what is drawn, on average. */
  readonly coherence: number;
}
