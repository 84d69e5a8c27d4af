import { checkInteger, show } from './check.ts';
import { KelvinError } from './error.ts';
import { checkOptionNames } from './option-names.ts';

/** Where in a text a row of logits stands, if not where the sampler itself is. */
export interface Position {
  /** Token ids so far, oldest first, prompt included. Default: what the sampler has accepted. */
  readonly history?: readonly number[] | Int32Array;
  /**
   * Index of the token to draw, ≥ 0. Default: the length of `history` if that is given; with
   * `minNewTokens`, which counts without the prompt, it must be told.
   */
  readonly step?: number;
}

/** A position, and how many tokens shall be listed there. */
export interface Listing extends Position {
  readonly top?: number;
}

/** A position, and what shall be told of the distribution there. */
export interface Inspection extends Listing {
  /**
   * Whether the tokens at the edges are wanted, and the temperature in effect; default false.
   * Takes O(V) more for each stage that cuts.
   */
  readonly edges?: boolean;
}

const POSITION = ['history', 'step'];
const LISTING = [...POSITION, 'top'];
const INSPECTION = [...LISTING, 'edges'];

/**
 * Checks the names in a position; its values are checked where they are used.
 *
 * @throws KelvinError UNKNOWN_OPTION, INVALID_OPTION
 */
export const checkPosition = (at: Position): void => checkOptionNames(at, POSITION);

/**
 * Checks all of a listing but its position's values.
 *
 * @throws KelvinError UNKNOWN_OPTION, INVALID_OPTION, INVALID_ARGUMENT
 */
export function checkListing(at: Listing, legal: readonly string[] = LISTING): void {
  checkOptionNames(at, legal);
  if (at.top !== undefined) checkInteger('top', at.top, 0);
}

/** As {@link checkListing}. */
export function checkInspection(at: Inspection): void {
  checkListing(at, INSPECTION);
  const { edges } = at;
  if (edges !== undefined && typeof edges !== 'boolean')
    throw new KelvinError('INVALID_ARGUMENT', `edges must be true or false, got ${show(edges)}`);
}
