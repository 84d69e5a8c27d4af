import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SuffixAutomaton } from '../../src/sampling/edits/suffix-automaton.ts';

type Followers = Map<number, number>;

/** Every follower of the end of a text with its longest match, by comparing all with all. */
function naive(text: readonly number[], shortest: number, longest: number): Followers {
  const found: Followers = new Map();
  for (const [end, token] of text.entries()) {
    let length = 0;
    const same = () => text[end - 1 - length] === text[text.length - 1 - length];
    while (length < Math.min(end, longest) && same()) length++;
    if (length >= shortest) found.set(token, Math.max(length, found.get(token) ?? 0));
  }
  return found;
}

/** The same of several texts, of which the last is not at its end. */
function naiveAcross(texts: readonly number[][], shortest: number, longest: number): Followers {
  const end = texts.at(-1)!;
  const found: Followers = new Map();
  // A separator that nothing equals, and each text before the end of the last one.
  for (const text of texts) {
    const joined = text === end ? end : [...text, Number.NaN, ...end];
    for (const [token, length] of naive(joined, shortest, longest))
      if (!Number.isNaN(token)) found.set(token, Math.max(length, found.get(token) ?? 0));
  }
  return found;
}

function followers(automaton: SuffixAutomaton): [number, number][] {
  const found: [number, number][] = [];
  automaton.followers((token, length) => found.push([token, length]));
  return found;
}

const alphabets = fc.integer({ min: 1, max: 4 });
const random = alphabets.chain((size) => fc.array(fc.nat(size - 1), { maxLength: 70 }));
/** A few periods with slips in between. */
const periodic = fc
  .array(
    fc.record({
      period: fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }),
      times: fc.integer({ min: 1, max: 8 }),
      slip: fc.array(fc.nat(3), { maxLength: 1 }),
    }),
    { maxLength: 4 },
  )
  .map((parts) =>
    parts.flatMap(({ period, times, slip }) => [...Array(times).fill(period).flat(), ...slip]),
  );
const texts = fc.oneof(random, periodic);
const bounds = fc
  .tuple(fc.nat(6), fc.oneof(fc.nat(6), fc.constant(Infinity)))
  .map(([shortest, more]) => [shortest, shortest + more] as const);

describe('the suffix automaton tells the followers of a text', () => {
  it('as the definition does, at every length of text and match', () => {
    fc.assert(
      fc.property(texts, bounds, (text, [shortest, longest]) => {
        const automaton = new SuffixAutomaton(shortest, longest);
        for (const [i, token] of text.entries()) {
          automaton.extend(token);
          const found = followers(automaton);
          expect(new Map(found)).toEqual(naive(text.slice(0, i + 1), shortest, longest));
          expect(found.length).toBe(new Map(found).size);
          expect(found.map(([, length]) => length)).toEqual(
            found.map(([, length]) => length).sort((a, b) => b - a),
          );
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('with matches that end where it was restarted', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), bounds, (parts, bounds) => {
        const automaton = new SuffixAutomaton(...bounds);
        for (const [i, part] of parts.entries()) {
          if (i > 0) automaton.restart();
          for (const [j, token] of part.entries()) {
            automaton.extend(token);
            const known = [...parts.slice(0, i), part.slice(0, j + 1)];
            expect(new Map(followers(automaton))).toEqual(naiveAcross(known, ...bounds));
          }
        }
      }),
      { numRuns: 800 },
    );
  });

  it('of any token, the largest included', () => {
    const automaton = new SuffixAutomaton(1, 9);
    for (const token of [2 ** 31 - 1, 0, 131_071, 2 ** 31 - 1, 0]) automaton.extend(token);
    expect(followers(automaton)).toEqual([[131_071, 2]]);
  });
});

describe('a token more costs the same', () => {
  const LENGTH = 1 << 17;
  it.each<[string, (i: number) => number]>([
    ['one token for ever', () => 7],
    ['two in turn', (i) => i % 2],
    ['one for ever after a slip', (i) => (i === 9 ? 1 : 0)],
    ['a long period', (i) => ((i % 999) * 7919) % 1009],
    ['no pattern', (i) => Math.imul(i, 0x9e3779b1) >>> 20],
  ])('after %s', (_, token) => {
    const automaton = new SuffixAutomaton(2, 200);
    let visited = 0;
    for (let i = 0; i < LENGTH; i++) {
      automaton.extend(token(i));
      automaton.followers(() => visited++);
    }
    // Looking back over the text would visit as many as it is long, each time.
    expect(visited).toBeLessThan(40 * LENGTH);
  });
});
