/** Where everything lies in a kernel's memory, in bytes. */
export interface Layout {
  /** Room for this many logits, a multiple of 64. */
  readonly capacity: number;
  readonly bytes: number;
  /** The model's logits, and the edited ones. */
  readonly row: number;
  readonly edited: number;
  readonly weights: number;
  readonly ids: number;
  /** Block maxima of the two rows, and minima. */
  readonly rowMaxima: number;
  readonly editedMaxima: number;
  readonly rowMinima: number;
  readonly editedMinima: number;
  /** Block sums of the weights. */
  readonly sums: number;
}

/** The smallest block: a row of V logits has at most V / 16 of them. */
const SMALLEST_BLOCK = 16;
/** Results, and the constants of the passes. */
const FIXED = 128;

/** Where the passes find their constants. */
export const CONSTANTS_AT = 64;

/** Rounds a vocabulary up to whole blocks. */
export const padded = (vocabulary: number): number => Math.ceil(vocabulary / 64) * 64;

/**
 * How many logits are summed and skipped together. Few enough that a short row still has more
 * blocks than tokens worth telling apart, many enough that their maxima are quick to look through.
 */
export const blockOf = (length: number): number => (length > 8192 ? 64 : SMALLEST_BLOCK);

/** Lays out the memory for a vocabulary. */
export function layoutFor(vocabulary: number): Layout {
  const capacity = padded(vocabulary);
  let at = FIXED;
  const take = (bytes: number) => {
    const start = at;
    at += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const blocks = capacity / SMALLEST_BLOCK;
  const row = take(4 * capacity);
  const edited = take(4 * capacity);
  const weights = take(4 * capacity);
  const ids = take(4 * capacity);
  const rowMaxima = take(4 * blocks);
  const editedMaxima = take(4 * blocks);
  const rowMinima = take(4 * blocks);
  const editedMinima = take(4 * blocks);
  const sums = take(8 * blocks);
  return {
    capacity,
    bytes: at,
    row,
    edited,
    weights,
    ids,
    rowMaxima,
    editedMaxima,
    rowMinima,
    editedMinima,
    sums,
  };
}
