// The tokens at the edges of a distribution, and single ones, against the list of all tokens.
import fc from 'fast-check';
import { type Edge, Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { histories } from '../reference/chains.ts';
import { type Task, tasks } from './kernel/options.ts';
import { huge, middling, rowOf, small } from './kernel/rows.ts';
import { fromProbabilities, row } from './logits.ts';

/** By the logits as given, largest first, equals by id: places by token, from 1. */
function placesOf(logits: Float32Array): Int32Array {
  const before = (a: number, b: number) =>
    Number(logits[b] > logits[a]) || -(logits[b] < logits[a]);
  const order = Array.from(logits.keys()).sort((a, b) => before(a, b) || a - b);
  const places = new Int32Array(logits.length);
  for (const [i, id] of order.entries()) places[id] = i + 1;
  return places;
}

const history = (tokens: readonly number[], logits: Float32Array) => ({
  history: tokens.filter((token) => token < logits.length),
  step: tokens.length,
});

/** Who the edges are by the list of all tokens; undefined where the edits ban every token. */
function edgesByList(sampler: Sampler, logits: Float32Array, at: object): Edge[] | undefined {
  let all: ReturnType<Sampler['inspect']>;
  try {
    all = sampler.inspect(logits, { ...at, top: logits.length });
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_OPTION' });
    return undefined;
  }
  const places = placesOf(logits);
  const first = all.cuts
    .filter(({ tokens }) => tokens > 0)
    .map(({ name }) => all.candidates.find(({ cutBy }) => cutBy === name)!);
  const last = all.candidates.findLast(({ cutBy }) => cutBy === undefined)!;
  return [last, ...first].map((edge) => ({ ...edge, rank: places[edge.token] }));
}

function expectEdges({ plan, options }: Task, tokens: readonly number[]) {
  const logits = rowOf(plan);
  const at = history(tokens, logits);
  const sampler = new Sampler(options);
  const expected = edgesByList(sampler, logits, at);
  if (expected === undefined) return;
  const { edges, temperature, ...rest } = sampler.inspect(logits, { ...at, top: 3, edges: true });
  expect(edges).toEqual(expected);
  expect(rest).toEqual(sampler.inspect(logits, { ...at, top: 3 }));
}

/** The likeliest candidates and the edges. */
function expectCandidates({ plan, options }: Task, tokens: readonly number[]) {
  const logits = rowOf(plan);
  const at = history(tokens, logits);
  const sampler = new Sampler(options);
  if (edgesByList(sampler, logits, at) === undefined) return;
  const top = Math.min(logits.length, 40);
  const { candidates, edges, temperature } = sampler.inspect(logits, { ...at, top, edges: true });
  for (const { rank, ...candidate } of [...candidates, ...edges!] as Edge[]) {
    const { logit, ...chance } = sampler.candidate(logits, candidate.token, at);
    expect(chance).toEqual({ ...candidate, temperature });
  }
}

describe('of the list of all tokens', () => {
  const sizes = [
    ['small', small, 2000],
    ['middling', middling, 400],
    ['huge', huge, 4],
  ] as const;

  it.each(sizes)(
    'the edges are the last kept and the first cut, in %s rows',
    (_, size, numRuns) => {
      fc.assert(fc.property(tasks(size), histories, expectEdges), { numRuns });
    },
  );

  it.each(sizes)('a candidate is an entry, in %s rows', (_, size, numRuns) => {
    fc.assert(fc.property(tasks(size), histories, expectCandidates), { numRuns });
  });
});

describe('the edges', () => {
  const logits = fromProbabilities(0.05, 0.4, 0.25, 0.2, 0.1);
  const idsOf = (logits: Float32Array, options: SamplingOptions) =>
    new Sampler(options).inspect(logits, { edges: true }).edges!.map(({ token }) => token);

  it('stand in chain order, the kept one first', () => {
    const { edges } = new Sampler({ topK: 4, topP: 0.8, minP: 0.55 }).inspect(logits, {
      top: 0,
      edges: true,
    });
    expect(edges!.map(({ token, cutBy, rank }) => [token, cutBy, rank])).toEqual([
      [2, undefined, 2],
      [0, 'topK', 5],
      [4, 'topP', 4],
      [3, 'minP', 3],
    ]);
  });

  it('are not told unless asked for', () => {
    for (const at of [{}, { edges: false }, { edges: undefined }]) {
      const seen = new Sampler().inspect(logits, at);
      expect(Object.keys(seen)).not.toContain('edges');
      expect(Object.keys(seen)).not.toContain('temperature');
    }
  });

  it.each<[string, Float32Array, SamplingOptions, number[]]>([
    ['a filter that cuts nothing has none', logits, { topK: 5 }, [0]],
    ['one token is its own', row(7), { topK: 1, temperature: 0.5 }, [0]],
    ['at temperature 0 the second best is cut', logits, { temperature: 0, topK: 3 }, [1, 2]],
    ['at an infinite one the model tells equals apart', logits, { temperature: Infinity }, [0]],
    ['of equals the last stays and the first goes', row(1, 1, 1, 1, 1), { topK: 3 }, [2, 3]],
    ['the model has cut too', row(-Infinity, 2, -Infinity, 1), { topK: 1 }, [1, 0, 3]],
    ['so have edits', logits, { bannedTokens: [0, 2], logitBias: { 3: -Infinity } }, [4, 3, 2]],
    ['xtc cuts from the top', logits, { xtc: { probability: 1, threshold: 0.15 } }, [0, 1]],
    ['typical-p cuts on both sides', logits, { typicalP: 0.3 }, [3, 1]],
  ])('%s', (_, logits, options, expected) => {
    expect(idsOf(logits, options)).toEqual(expected);
  });

  it.each<[SamplingOptions, number[]]>([
    [{}, [262_143]],
    [{ topK: 200_000, minP: 1e-3 }, [6907, 200_000, 6908]],
    [{ topK: 300 }, [299, 300]],
    [{ temperature: Infinity, topK: 1000 }, [999, 1000]],
    [{ temperature: 1e-6, topK: 1000 }, [999, 1000]],
    [{ temperature: 0 }, [0, 1]],
    [{ logitBias: { 9: 300 }, bannedTokens: [5], minP: 1e-100 }, [9, 5, 0]],
  ])('of 262,144 tokens too: with %j', (options, expected) => {
    // Each token is a thousandth of a nat less likely than the one before.
    const logits = Float32Array.from({ length: 262_144 }, (_, id) => -id / 1000);
    expect(idsOf(logits, options)).toEqual(expected);
  });
});

it('logits too far from the largest for Float32 are equally unlikely', () => {
  const logits = new Float32Array(600).fill(3e38);
  logits.set([-3.3e38, -3e38], 598);
  const sampler = new Sampler({ temperature: 1e38 });
  expect(sampler.inspect(logits, { edges: true }).edges).toEqual(edgesByList(sampler, logits, {}));
  expect(sampler.inspect(logits, { edges: true }).edges![0].token).toBe(599);
});

describe('what a shaped probability is made of', () => {
  const common = { logitBias: { 0: 1.5 }, presencePenalty: 0.7, bannedTokens: [3] };
  it.each<[SamplingOptions, number]>([
    [{}, 1],
    [{ temperature: 0.7, topK: 600 }, 0.7],
    [{ temperature: 1.6, minP: 0.01, order: 'temperature-last' }, 1.6],
    [{ temperature: 2, xtc: { probability: 1, threshold: 0.01 } }, 2],
    [{ temperature: Infinity, topP: 0.9 }, Infinity],
    [{ temperature: 0 }, 0],
  ])('with %j', (options, expected) => {
    for (const size of [6, 900]) {
      const logits = Float32Array.from(
        { length: size },
        (_, id) => -((id * 7) % size) / (size / 9),
      );
      const sampler = new Sampler({ ...options, ...common });
      sampler.accept(1);
      const chances = Array.from(logits.keys(), (id) => sampler.candidate(logits, id));
      expect(new Set(chances.map(({ temperature }) => temperature))).toEqual(new Set([expected]));
      expect(sampler.inspect(logits, { edges: true }).temperature).toBe(expected);
      expect(chances.slice(0, 5).map(({ logit }) => logit)).toEqual([
        1.5,
        Math.fround(logits[1] - 0.7),
        logits[2],
        -Infinity,
        logits[4],
      ]);
      const kept = chances.filter(({ cutBy }) => cutBy === undefined);
      const scaled = kept.map(({ logit }) => (expected > 0 ? logit / expected : 0));
      const total = scaled.reduce((sum, x) => sum + Math.exp(x), 0);
      for (const [i, { shaped }] of kept.entries())
        expect(shaped).toBeCloseTo(Math.exp(scaled[i]) / total, 6);
    }
  });

  it('the temperature is the one that followed the entropy', () => {
    const logits = fromProbabilities(0.5, 0.25, 0.125, 0.125);
    const sampler = new Sampler({ temperature: 1, dynamicTemperature: { range: 0.5 } });
    const entropy = 1.75 * Math.LN2;
    const expected = 0.5 + entropy / Math.log(4);
    expect(sampler.inspect(logits, { edges: true }).temperature).toBeCloseTo(expected, 6);
    expect(sampler.candidate(logits, 2).temperature).toBeCloseTo(expected, 6);
  });
});
