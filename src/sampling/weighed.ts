import type { Row } from './row.ts';

/** A row whose weights the workspace holds. */
export interface Weighed {
  readonly row: Row;
  readonly temperature: number;
  /** From a distance in logits to octaves of weight. */
  readonly scale: number;
  readonly total: number;
}
