import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Explanation } from '../../../src/generation/explorer/view.ts';
import { drawExplain } from '../../../src/ui/panes/explain.ts';
import { anyNumber, anyText, expectAscii, expectExact, rowsOf } from '../rows.ts';

const explanation: Explanation = {
  token: 12,
  text: ' found',
  settings: 0,
  node: 3,
  rawLogit: 9.8123,
  logit: 9.5,
  temperature: 0.8,
  scaled: 11.875,
  weight: 0.3512,
  total: 4.0789,
  shaped: 0.0861,
  raw: 0.098,
  surprisal: 2.4522,
  jacobian: [
    { token: 3, text: ' lit', value: -0.0312 },
    { token: 12, text: ' found', value: 0.0787 },
    { token: 40, text: '日本', value: -0.001 },
  ],
};

it('tells how a probability comes about, from top to bottom', () => {
  expect(
    rowsOf(drawExplain(explanation, { width: 46, height: 17 }, 'unicode')),
  ).toMatchInlineSnapshot(`
    [
      " ·found  token 12",
      " z               9.8123  the model's logit",
      " after edits     9.5000  penalties and biases",
      " z/τ            11.8750  over the temperature",
      " e^(z/τ−max)     0.3512  1 for the largest",
      " Z               4.0789  sum over the kept",
      " q               0.0861  its share of Z",
      " −ln q           2.4522  nats, 3.54 bits",
      " raw p           0.0980  the model's own",
      "",
      " softmax         0.0861  e^(z/τ) / Z, any sign",
      " standard     undefined  some z are negative",
      "",
      " ∂q/∂(z/τ)",
      " ·lit              ████│             −0.0312",
      " ·found                │██████████    0.0787",
      " 日本                 ▐│             −0.0010",
    ]
  `);
});

it('puts the derivatives beside it where there is room', () => {
  expect(
    rowsOf(drawExplain(explanation, { width: 100, height: 5 }, 'unicode')),
  ).toMatchInlineSnapshot(`
    [
      " ·found  token 12                                   ∂q/∂(z/τ): what a rise of each score does to q",
      " z               9.8123  the model's logit          ·lit              ▐████│              −0.0312",
      " z/τ            11.8750  over the temperature       ·found                 │███████████    0.0787",
      " Z               4.0789  sum over the kept          日本                  ▐│              −0.0010",
      " q               0.0861  its share of Z",
    ]
  `);
});

it('keeps the numbers that say most where there are few rows', () => {
  const rows = rowsOf(drawExplain(explanation, { width: 20, height: 4 }, 'unicode'));
  expect(rows).toMatchInlineSnapshot(`
    [
      " ·found  token 12",
      " z            9.8123",
      " z/τ         11.8750",
      " q            0.0861",
    ]
  `);
});

it('says what cut a token, and what standard normalisation makes of it', () => {
  const cut = {
    ...explanation,
    logit: explanation.rawLogit,
    shaped: 0,
    surprisal: Infinity,
    cutBy: 'topP',
    standard: 0.02,
  };
  const rows = rowsOf(drawExplain(cut, { width: 60, height: 17 }, 'ascii'));
  expect(rows[2]).toBe(' after edits     9.8123  unchanged');
  expect(rows[6]).toBe(' q               0.0000  cut by topP');
  expect(rows[7]).toBe(' -ln q              inf  nats, inf bits');
  expect(rows[11]).toBe(' standard        0.0200  z / sum z');
});

it('asks for a token where none is chosen', () => {
  expect(rowsOf(drawExplain(undefined, { width: 60, height: 3 }, 'unicode'))).toEqual([
    '',
    ' Choose a token to see how its probability comes about.',
    '',
  ]);
});

it('fills any size exactly, whatever the numbers and texts', () => {
  const numbers = fc.record({
    logit: anyNumber,
    rawLogit: anyNumber,
    surprisal: anyNumber,
    temperature: anyNumber,
    scaled: anyNumber,
    weight: anyNumber,
    total: anyNumber,
    shaped: anyNumber,
    raw: anyNumber,
    standard: fc.option(anyNumber, { nil: undefined }),
  });
  const jacobian = fc.array(fc.record({ token: fc.nat(), text: anyText, value: anyNumber }));
  expectExact(
    drawExplain,
    fc
      .record({ numbers, jacobian, text: anyText, cutBy: fc.constantFrom(undefined, 'topK') })
      .map(({ numbers, ...rest }) => ({ ...explanation, ...numbers, ...rest })),
  );
});

it('is ASCII on an ASCII terminal', () => {
  expectAscii(drawExplain, { ...explanation, jacobian: explanation.jacobian.slice(0, 2) });
});
