import type { View } from '../../generation/explorer/view.ts';

/** The tokens of a view that one can be on, from the likeliest down. */
export function candidatesOf(view: View | undefined): number[] {
  if (!view) return [];
  const edges = view.edges.toSorted((a, b) => b.shaped - a.shaped || a.rank - b.rank);
  return [...new Set([...view.candidates, ...edges].map(({ token }) => token))];
}
