import { NAME_CELLS } from './filters.ts';

/** Where the columns of a list of candidates are and how wide, in cells; 0 where there is none. */
export interface Columns {
  readonly rank: number;
  /** Where the token's text begins, and its cells. */
  readonly text: number;
  readonly token: number;
  /** Where the bars begin, and their cells. */
  readonly bar: number;
  readonly bars: number;
  /** Where the numbers begin; the cells of both columns, with the space before each. */
  readonly numbers: number;
  readonly raw: number;
  readonly shaped: number;
  /** Cells of a number. */
  readonly percent: number;
  /** The stage that cut the token: 1 for its letter, more for its name. */
  readonly cut: number;
}

/** From how many cells there is room for ranks and names. */
const WIDE = 52;
const WIDE_NUMBER = 8;
const NARROW_NUMBER = 5;
/** Below these there are no bars, no raw probabilities. */
const WITH_BARS = 26;
const WITH_RAW = 20;

/** @param largestRank the largest number in the column of ranks */
export function columnsOf(width: number, largestRank: number): Columns {
  const isWide = width >= WIDE;
  const percent = isWide ? WIDE_NUMBER : NARROW_NUMBER;
  const shaped = percent + 1;
  const raw = width < WITH_RAW ? 0 : shaped;
  const cut = isWide ? NAME_CELLS : 1;
  const rank = isWide ? Math.max(2, String(largestRank).length) : 0;
  const text = isWide ? rank + 2 : 1;
  const numbers = Math.max(text, width - raw - shaped - cut - 1);
  const room = Math.max(0, numbers - text - 1);
  const bars = width < WITH_BARS ? 0 : Math.floor(room * (isWide ? 0.6 : 0.47));
  const token = bars > 0 ? room - bars : room;
  return { rank, text, token, bar: text + token + 1, bars, numbers, raw, shaped, percent, cut };
}
