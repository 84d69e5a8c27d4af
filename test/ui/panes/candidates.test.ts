import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeenCandidate, View } from '../../../src/generation/explorer/view.ts';
import { drawCandidates } from '../../../src/ui/panes/candidates.ts';
import { anyGlyphs, anySize, anyText, candidates, fault, plain, styled, view } from './samples.ts';

const VOCABULARY = 50_257;

describe('drawCandidates', () => {
  it('draws the standard pane', () => {
    const lines = drawCandidates(
      { view, vocabulary: VOCABULARY },
      { width: 33, height: 11 },
      'unicode',
    );
    expect(plain(lines)).toEqual([
      ' ·lit       ████▙▄▄  24.5  36.2  ',
      ' ·looked    ███▄     15.6  20.6  ',
      ' ·opened    ██▖      11.0  13.3  ',
      '▸·found     █▙       8.60  9.80  ',
      ' ·stood     █        6.00  6.30  ',
      ' ·turned    █        4.90  4.90  ',
      ' ⋯ 3 more                  7.40  ',
      ' ·watched   ▌        1.90  1.50  ',
      ' ·set       ▘        1.30     – p',
      ' ·hummed    ▘       0.030     – k',
      ' kept 10/50257  cut k 11.7 p 7.30',
    ]);
    expect(styled(lines, 'drawn')).toEqual(['▸·found']);
    expect(styled(lines, 'cut').slice(0, 2)).toEqual(['▘', ' p']);
  });

  it('draws the wide pane', () => {
    const lines = drawCandidates(
      { view, vocabulary: VOCABULARY },
      { width: 64, height: 18 },
      'unicode',
    );
    expect(plain(lines)).toEqual([
      '  # token          ▀ raw  ▄ shaped        raw % shaped % cut    ',
      '  1 ·lit           █████████████▄▄▄▄▄▄  24.5     36.2           ',
      '  2 ·looked        ████████▄▄▄          15.6     20.6           ',
      '  3 ·opened        ██████▄              11.0     13.3           ',
      '▸ 4 ·found         ████▙                 8.60     9.80          ',
      '  5 ·stood         ███▖                  6.00     6.30          ',
      '  6 ·turned        ██▌                   4.90     4.90          ',
      '  7 ·waited        ██                    3.70     3.40          ',
      '  8 ·began         █▘                    2.60     2.20          ',
      '  9 ·sat           █                     2.20     1.80          ',
      ' 10 ·watched       █                     1.90     1.50          ',
      ' 11 ·set           ▘                     1.30     –      top-p  ',
      ' 12 ·pulled        ▘                     1.10     –      top-p  ',
      ' 13 ·listened      ▘                     0.950    –      top-p  ',
      ' 14 ·drew          ▘                     0.740    –      top-p  ',
      '    ⋯                                                           ',
      ' 41 ·hummed        ▘                     0.0300   –      top-k  ',
      ' kept 10 of 50257 · cut top-k 11.7 %  top-p 7.30 %              ',
    ]);
  });

  it('draws in ASCII', () => {
    const lines = drawCandidates(
      { view, selected: 1, vocabulary: VOCABULARY },
      { width: 33, height: 8 },
      'ascii',
    );
    expect(plain(lines)).toEqual([
      ' _lit       ####+++  24.5  36.2  ',
      ' _looked    ###+     15.6  20.6  ',
      ' : 6 more                  31.9  ',
      '>_found     #+       8.60  9.80  ',
      ' _watched   #        1.90  1.50  ',
      ' _set       -        1.30     - p',
      ' _hummed    -       0.030     - k',
      ' kept 10/50257  cut k 11.7 p 7.30',
    ]);
    expect(styled(lines, 'selected')).toEqual(['_looked']);
  });

  it('draws τ 0: one token for sure, and what the model thought of the others', () => {
    const cold: View = {
      ...view,
      candidates: candidates.map(({ token, text, raw }, i) =>
        i === 0
          ? { token, text, raw, shaped: 1 }
          : { token, text, raw, shaped: 0, cutBy: 'temperature' },
      ),
      edges: [],
      cuts: [{ name: 'temperature', tokens: 50_256, mass: 0.755 }],
      kept: 1,
      drawn: 0,
    };
    const lines = drawCandidates(
      { view: cold, vocabulary: VOCABULARY },
      { width: 33, height: 4 },
      'unicode',
    );
    expect(plain(lines)).toEqual([
      '▸·lit       █▙▄▄▄▄▄  24.5   100  ',
      ' ·looked    ▀        15.6     – t',
      ' ·opened    ▀        11.0     – t',
      ' kept 1/50257  cut t 75.5        ',
    ]);
  });

  it('draws τ Infinity with 262,144 kept', () => {
    const shaped = 1 / 262_144;
    const last: SeenCandidate = { token: 99, text: '日本語', raw: 1e-19, shaped };
    const hot: View = {
      ...view,
      candidates: candidates.map(({ token, text, raw }) => ({ token, text, raw, shaped })),
      edges: [{ ...last, rank: 262_144 }],
      cuts: [],
      kept: 262_144,
      unseen: 1 - 14 * shaped,
    };
    const draw = (width: number, height: number) =>
      plain(drawCandidates({ view: hot, vocabulary: 262_144 }, { width, height }, 'unicode'));
    expect(draw(33, 5)).toEqual([
      ' ·lit       ▛▀▀▀▀▀▀  24.5  4e-4  ',
      ' ⋯ 262141 more            99.99  ',
      '▸·found     ▛▀▘      8.60  4e-4  ',
      ' 日本語     ▌       1e-17  4e-4  ',
      ' kept 262144/262144              ',
    ]);
    expect(draw(60, 5)[3]).toBe(' 262144 日本語     ▌                  1e-17  3.81e-4        ');
  });

  it('draws one candidate, a token without text, and nothing', () => {
    const only = { token: 7, text: '', raw: 1, shaped: 1 };
    const one: View = {
      ...view,
      candidates: [only],
      edges: [{ ...only, rank: 1 }],
      cuts: [],
      kept: 1,
      drawn: 7,
    };
    const size = { width: 33, height: 2 };
    expect(plain(drawCandidates({ view: one, vocabulary: 1 }, size, 'unicode'))).toEqual([
      '▸#7         ███████   100   100  ',
      ' '.repeat(33),
    ]);
    expect(
      plain(drawCandidates({ vocabulary: 1 }, size, 'unicode'))
        .join('')
        .trim(),
    ).toBe('');
  });

  it('makes texts harmless and shows that one goes on', () => {
    const texts = ['\u001B[2J', 'incomprehensible', '\n\n', '\u202Eabc', '日本語日本語'];
    const odd = {
      ...view,
      drawn: -1,
      edges: [],
      candidates: texts.map((text, token) => ({ token, text, raw: 0.2, shaped: 0.2 })),
      kept: 5,
    };
    const lines = drawCandidates({ view: odd, vocabulary: 5 }, { width: 33, height: 6 }, 'unicode');
    expect(plain(lines).map((row) => row.slice(0, 12))).toEqual([
      ' ␛[2J       ',
      ' incompreh… ',
      ' ⏎⏎         ',
      ' <U+202E>a… ',
      plain(lines)[4].slice(0, 12),
      ' kept 5/5  c',
    ]);
    expect(plain(lines)[4]).toMatch(/^ 日本語日… {2}█/);
  });

  it('dims what is stale', () => {
    const lines = drawCandidates(
      { view, vocabulary: VOCABULARY, isStale: true },
      { width: 33, height: 6 },
      'unicode',
    );
    expect(styled(lines, 'plain').join('').trim()).toBe('');
  });

  const anyView = fc
    .array(fc.record({ text: anyText, raw: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      minLength: 1,
      maxLength: 60,
    })
    .chain((list) =>
      fc
        .record({
          kept: fc.integer({ min: 1, max: list.length }),
          listed: fc.integer({ min: 1, max: list.length }),
          drawn: fc.nat(list.length - 1),
        })
        .map(({ kept, listed, drawn }): View => {
          const sorted = [...list].sort((a, b) => b.raw - a.raw);
          const all = sorted.map(({ text, raw }, token): SeenCandidate & { rank: number } => ({
            token,
            text,
            raw,
            shaped: token < kept ? 1 / kept : 0,
            rank: token + 1,
            ...(token < kept ? {} : { cutBy: 'minP' }),
          }));
          const edges = [all[kept - 1], ...(kept < all.length ? [all[kept]] : [])];
          const unseen = Math.max(0, 1 - listed / kept);
          return {
            ...view,
            candidates: all.slice(0, listed),
            edges,
            kept,
            drawn: drawn % kept,
            unseen,
          };
        }),
    );

  it('fills its size exactly, and nothing in it acts', () => {
    fc.assert(
      fc.property(anyView, fc.nat(60), anySize, anyGlyphs, (any, selected, size, glyphs) => {
        const lines = drawCandidates({ view: any, selected, vocabulary: 60 }, size, glyphs);
        expect(fault(lines, size)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('always shows the edges and the drawn token, and accounts for all that is drawn from', () => {
    const names = anyView.map((any) => {
      const named = <T extends SeenCandidate>(one: T): T => ({ ...one, text: `t${one.token}` });
      return { ...any, candidates: any.candidates.map(named), edges: any.edges.map(named) };
    });
    fc.assert(
      fc.property(names, fc.integer({ min: 6, max: 30 }), (any, height) => {
        const rows = plain(
          drawCandidates({ view: any, vocabulary: 60 }, { width: 80, height }, 'ascii'),
        );
        const body = rows.slice(0, -1);
        const texts = body.map((row) => /t\d+/.exec(row)?.[0]);
        for (const { token } of any.edges) expect(texts).toContain(`t${token}`);
        const isListed = any.candidates.some(({ token }) => token === any.drawn);
        if (isListed) expect(body.filter((row) => row.startsWith('>'))).toHaveLength(1);
        const shown = texts.filter((text) => text && Number(text.slice(1)) < any.kept).length;
        const more = Number(/: (\d+) more/.exec(body.join('\n'))?.[1] ?? 0);
        expect(shown + more).toBe(any.kept);
        const rest = body.find((row) => row.includes(' more'))?.match(/more +(\S+)/)?.[1] ?? '0';
        expect(shown / any.kept + Number(rest) / 100).toBeCloseTo(1, 2);
      }),
      { numRuns: 500 },
    );
  });
});
