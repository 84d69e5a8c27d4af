// The tokens at the edges of a distribution, and single ones, against the list of all tokens.
import fc from 'fast-check';
import { type Edge, KelvinError, Sampler } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { histories } from '../reference/chains.ts';
import { type Task, tasks } from './kernel/options.ts';
import { huge, middling, rowOf, small } from './kernel/rows.ts';

/** By the model's own logits, largest first, equals by id: places by token, from 1. */
function ranks(logits: Float32Array): Int32Array {
  const order = [...logits.keys()].sort((a, b) => compare(logits[b], logits[a]) || a - b);
  const places = new Int32Array(logits.length);
  for (const [place, id] of order.entries()) places[id] = place + 1;
  return places;
}

const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);

/** What nothing can be asked of: the edits ban every token. */
const isRefused = (work: () => unknown): boolean => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(KelvinError);
    return true;
  }
  return false;
};

/** Picked out of the list of all tokens, in its order. */
function expectEdges({ plan, options }: Task, tokens: readonly number[]) {
  const logits = rowOf(plan);
  const at = { history: tokens.filter((token) => token < logits.length), step: tokens.length };
  const sampler = new Sampler(options);
  if (isRefused(() => sampler.inspect(logits, at))) return;

  const all = sampler.inspect(logits, { ...at, top: logits.length });
  const place = ranks(logits);
  const first = all.cuts
    .filter(({ tokens }) => tokens > 0)
    .map(({ name }) => all.candidates.find(({ cutBy }) => cutBy === name)!);
  const last = all.candidates.findLast(({ cutBy }) => cutBy === undefined)!;
  const expected: Edge[] = [last, ...first].map((edge) => ({ ...edge, rank: place[edge.token] }));

  const { edges, temperature, ...rest } = sampler.inspect(logits, { ...at, top: 3, edges: true });
  expect(edges).toEqual(expected);
  expect(rest).toEqual(sampler.inspect(logits, { ...at, top: 3 }));

  const asked = [...edges!, all.candidates[0], all.candidates[plan.seed % logits.length]];
  for (const { rank, ...candidate } of asked as Edge[]) {
    const chance = sampler.candidate(logits, candidate.token, at);
    expect(chance).toEqual({ ...candidate, logit: chance.logit, temperature });
  }
}

describe('the edges and every candidate are those of the whole list', () => {
  it.each([
    ['small', small, 3000],
    ['middling', middling, 600],
    ['huge', huge, 4],
  ] as const)('in %s rows', (_name, sizes, numRuns) => {
    fc.assert(fc.property(tasks(sizes), histories, expectEdges), { numRuns });
  });
});
