import type { SeenCandidate, View } from '../../generation/explorer/view.ts';

/** A candidate with its place in the list, or by raw where it is on no list. */
export interface Ranked {
  readonly candidate: SeenCandidate;
  readonly rank: number;
}

/** Which candidates a pane has rows for. */
export interface Chosen {
  readonly first: readonly Ranked[];
  /** Those one must not miss further down: edges, the drawn and the selected one. */
  readonly others: readonly Ranked[];
  /** Kept tokens without a row, and their shaped probability. */
  readonly hidden: number;
  readonly rest: number;
}

const byProbability = (a: Ranked, b: Ranked): number =>
  b.candidate.shaped - a.candidate.shaped ||
  b.candidate.raw - a.candidate.raw ||
  a.candidate.token - b.candidate.token;

/** Everything that must have a row, most needed first. */
function needed(view: View, selected: number | undefined): Ranked[] {
  const all: Ranked[] = [];
  const seen = new Set<number>();
  const add = (candidate: SeenCandidate, rank: number) => {
    if (!seen.has(candidate.token)) all.push({ candidate, rank });
    seen.add(candidate.token);
  };
  for (const token of [view.drawn, selected]) {
    const index = view.candidates.findIndex((candidate) => candidate.token === token);
    if (index >= 0) add(view.candidates[index], index + 1);
    else for (const edge of view.edges) if (edge.token === token) add(edge, edge.rank);
  }
  for (const edge of view.edges) {
    const index = view.candidates.findIndex(({ token }) => token === edge.token);
    add(edge, index < 0 ? edge.rank : index + 1);
  }
  return all;
}

/**
 * Fills `rows` rows with as many of the likeliest candidates as leave room for those one must not
 * miss and for one row that stands for all that is left out.
 */
export function chooseRows(view: View, selected: number | undefined, rows: number): Chosen {
  const musts = needed(view, selected);
  for (let count = Math.min(rows, view.candidates.length); ; count--) {
    const first = view.candidates
      .slice(0, count)
      .map((candidate, i): Ranked => ({ candidate, rank: i + 1 }));
    const listed = new Set(first.map(({ candidate }) => candidate.token));
    const missing = musts.filter(({ candidate }) => !listed.has(candidate.token));
    const isLast = count <= 1;
    const others = isLast ? missing.slice(0, Math.max(0, rows - count - 1)) : missing;
    const shown = [...first, ...others].filter(({ candidate }) => candidate.cutBy === undefined);
    const hidden = Math.max(0, view.kept - shown.length);
    const gap = hidden > 0 || others.length > 0 ? 1 : 0;
    if (!isLast && count + gap + others.length > rows) continue;
    return { first, others: others.sort(byProbability), hidden, rest: restOf(view, shown) };
  }
}

/** Shaped probability of the kept tokens that are not shown: unseen ones and listed ones. */
function restOf(view: View, shown: readonly Ranked[]): number {
  const tokens = new Set(shown.map(({ candidate }) => candidate.token));
  const listed = new Set(view.candidates.map(({ token }) => token));
  let rest = view.unseen;
  for (const { token, shaped } of view.candidates) if (!tokens.has(token)) rest += shaped;
  for (const { candidate } of shown) if (!listed.has(candidate.token)) rest -= candidate.shaped;
  return Math.max(0, rest);
}
