import type { ReferenceRow } from './reference.ts';

/**
 * Draws by inverse CDF in id order: the first token at which the running sum exceeds u.
 *
 * @param u in [0, 1)
 * @returns the token, and how far u was from the nearest edge between two kept tokens
 */
export function draw(
  { probabilities, kept }: Pick<ReferenceRow, 'probabilities' | 'kept'>,
  u: number,
) {
  const possible = kept.filter((id) => probabilities[id] > 0);
  let running = 0;
  let token: number | undefined;
  let margin = Infinity;
  for (const id of possible.slice(0, -1)) {
    running += probabilities[id];
    if (running > u) token ??= id;
    margin = Math.min(margin, Math.abs(running - u));
  }
  return { token: token ?? possible[possible.length - 1], margin };
}
