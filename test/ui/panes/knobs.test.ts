import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKnobs } from '../../../src/ui/knobs.ts';
import { drawKnobs, type KnobsPane } from '../../../src/ui/panes/knobs.ts';
import { between } from '../../sampling/logits.ts';
import { expectAscii, expectExact, rowsOf, styled } from '../rows.ts';

const knobs = createKnobs(50_257);
const pane: KnobsPane = {
  knobs,
  options: { temperature: 0.8, topK: 40, topP: 0.95 },
  focus: 'topK',
  order: 'temperature-first',
  preset: 'story',
  seed: 7,
};

it('draws every knob, the order, the presets and the seed', () => {
  expect(rowsOf(drawKnobs(pane, { width: 46, height: 10 }, 'unicode'))).toEqual([
    ' temperature   0.80 ────────●─┼─────────  t T',
    '▸top-k           40 ───────●────────────  k K',
    ' top-p         0.95 ────────────────●───  p P',
    ' min-p          off ○───────────────────  m M',
    ' top-nσ         off ───────────────────○  n N',
    ' rep penalty    off ○───────────────────  r R',
    '',
    ' order        r ▸ τ ▸ nσ ▸ k ▸ p ▸ m  o',
    ' preset       1 [2 story] 3  4',
    ' seed         7  g',
  ]);
});

it('names all presets where there is room', () => {
  const rows = rowsOf(drawKnobs(pane, { width: 60, height: 10 }, 'unicode'));
  expect(rows[8]).toBe(' preset       1 precise [2 story] 3 wild  4 greedy');
});

it('shows the knob in hand and those that are set where not all have room', () => {
  const low = { ...pane, focus: 'repetitionPenalty' as const };
  expect(rowsOf(drawKnobs(low, { width: 46, height: 5 }, 'ascii'))).toEqual([
    ' temperature   0.80 --------@-+---------  t T',
    ' top-k           40 -------@------------  k K',
    ' top-p         0.95 ----------------@---  p P',
    '>rep penalty    off o-------------------  r R',
    ' order r > t > ns > k > p > m   preset story',
  ]);
});

it('shortens labels, then leaves keys out', () => {
  expect(rowsOf(drawKnobs(pane, { width: 30, height: 3 }, 'unicode'))).toEqual([
    ' τ    0.80 ─────●┼──────  t T',
    '▸k      40 ─────●───────  k K',
    ' r ▸ τ ▸ nσ ▸ k ▸ p ▸ m',
  ]);
  expect(rowsOf(drawKnobs(pane, { width: 20, height: 2 }, 'unicode'))).toEqual([
    '▸k      40 ───●────',
    ' r ▸ τ ▸ nσ ▸ k ▸ p',
  ]);
  expect(rowsOf(drawKnobs(pane, { width: 80, height: 1 }, 'unicode'))).toEqual([
    ' τ .80 k 40 p .95',
  ]);
});

it('puts what does nothing where it stands in brackets, and its handle hollow', () => {
  const greedy = { ...pane, options: { ...pane.options, temperature: 0 } };
  const lines = drawKnobs(
    { ...greedy, inactive: ['topK', 'topP', 'minP', 'topNSigma', 'penalties'] },
    { width: 46, height: 9 },
    'unicode',
  );
  expect(rowsOf(lines).slice(0, 4)).toEqual([
    ' temperature      0 ●─────────┼─────────  t T',
    '▸top-k         (40) ───────○────────────  k K',
    ' top-p       (0.95) ────────────────○───  p P',
    ' min-p          off ○───────────────────  m M',
  ]);
});

it('puts temperature 1 in the middle and infinity at the end', () => {
  const row = (temperature?: number) =>
    rowsOf(
      drawKnobs({ ...pane, options: { temperature } }, { width: 47, height: 8 }, 'unicode'),
    )[0];
  expect(row()).toBe(' temperature      1 ──────────●──────────  t T');
  expect(row(Infinity)).toBe(' temperature      ∞ ──────────┼─────────●  t T');
});

it('marks the keys', () => {
  const keys = styled(drawKnobs(pane, { width: 60, height: 10 }, 'unicode'), 'key');
  expect(keys.join('')).toBe('tTkKpPmMnNrRo1234g');
});

it('fills any size exactly', () => {
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const options = fc.record({
    temperature: maybe(fc.oneof(between(0, 1e9), fc.constantFrom(0, 1e-9, Infinity))),
    topK: maybe(fc.nat()),
    topP: maybe(between(0, 1)),
    minP: maybe(between(0, 1)),
    topNSigma: maybe(between(1e-9, 1e9)),
    repetitionPenalty: maybe(between(1e-9, 1e9)),
  });
  expectExact(
    drawKnobs,
    fc.record({
      knobs: fc.constant(knobs),
      options,
      focus: maybe(fc.constantFrom(...knobs.map(({ option }) => option))),
      order: fc.constantFrom('temperature-last' as const, ['topK'], []),
      preset: maybe(fc.constantFrom('story', 'wild')),
      seed: fc.maxSafeInteger(),
      inactive: maybe(fc.subarray(knobs.map(({ stage }) => stage))),
    }),
  );
});

it('is ASCII on an ASCII terminal', () => {
  const { topK, ...rest } = pane.options;
  expectAscii(drawKnobs, { ...pane, options: { ...rest, temperature: Infinity } });
});
