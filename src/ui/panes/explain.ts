import type { Explanation } from '../../generation/explorer/view.ts';
import type { Draw, Glyphs, Line, Size, Span, Style } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { fitText, textWidth } from '../terminal/width.ts';
import { signedBar } from './bar.ts';
import { numberText, smallText } from './numbers.ts';
import { page, right, span } from './row.ts';
import { spell } from './spell.ts';

/** The numbers in the order of their worth, for where not all have a row. */
const WORTH = ['q', 'z', 'z/τ', 'Z', 'e^(z/τ−max)', '−ln q', 'raw p', 'standard', 'after edits'];
const NAME = 12;
const VALUE = 10;
const WIDE = 84;

/**
 * How one token's probability came about: from its logit to what it is drawn with, and which way
 * the other candidates' scores move it. In a wide pane the two stand side by side.
 */
export const drawExplain: Draw<Explanation | undefined> = (explanation, size, glyphs) => {
  const { width, height } = size;
  if (!explanation) {
    const hint = 'Choose a token to see how its probability comes about.';
    return page([[], [span(` ${hint}`, 'dim')]], size);
  }
  const token = [
    span(' '),
    span(visible(explanation.text, glyphs), 'selected'),
    span(`  token ${explanation.token}`, 'dim'),
  ];
  if (width < WIDE) {
    const numbers = numberRows(explanation, { width, height: height - 1 }, glyphs);
    return page([token, ...numbers, [], ...derivativeRows(explanation, width, glyphs)], size);
  }
  const half = Math.floor((width - 2) / 2);
  const rest = width - half - 2;
  const room = { width: half, height: height - 1 };
  const left = page([token, ...numberRows(explanation, room, glyphs)], { width: half, height });
  const beside = page(derivativeRows(explanation, rest, glyphs), { width: rest, height });
  return left.map((line, y): Line => [...line, span('  '), ...beside[y]!]);
};

function numberRows(explanation: Explanation, { width, height }: Size, glyphs: Glyphs): Span[][] {
  const { rawLogit, logit, scaled, weight, total, shaped, surprisal, cutBy, raw, standard } =
    explanation;
  // A remark is there as a whole or not at all.
  const line = (name: string, value: string, remark: string, style: Style = 'bold') => {
    const note = `  ${spell(remark, glyphs)}`;
    const cells = Math.max(5, Math.min(NAME, width - 1 - VALUE));
    const spans = [
      span(` ${fitText(spell(name, glyphs), cells)}`),
      span(right(spell(value, glyphs), VALUE), style),
      ...(1 + cells + VALUE + textWidth(note) <= width ? [span(note, 'dim')] : []),
    ];
    return { name, spans };
  };
  const four = (value: number) => smallText(value, 4);
  const fate = cutBy === undefined ? 'its share of Z' : `cut by ${visible(cutBy, glyphs)}`;
  const rows = [
    line('z', four(rawLogit), "the model's logit"),
    line('after edits', four(logit), logit === rawLogit ? 'unchanged' : 'penalties and biases'),
    line('z/τ', four(scaled), 'over the temperature'),
    line('e^(z/τ−max)', four(weight), '1 for the largest'),
    line('Z', four(total), 'sum over the kept'),
    line('q', four(shaped), fate, cutBy === undefined ? 'shaped' : 'cut'),
    line('−ln q', four(surprisal), `nats, ${numberText(surprisal / Math.LN2)} bits`),
    line('raw p', four(raw), "the model's own", 'raw'),
    { name: '', spans: [] },
    line('softmax', four(shaped), 'e^(z/τ) / Z, any sign', 'shaped'),
    standard === undefined
      ? line('standard', 'undefined', 'some z are negative', 'error')
      : line('standard', four(standard), 'z / Σz'),
  ];
  const isAll = rows.length <= height;
  const wanted = WORTH.slice(0, Math.max(0, height));
  return rows.filter(({ name }) => isAll || wanted.includes(name)).map(({ spans }) => spans);
}

function derivativeRows({ jacobian }: Explanation, width: number, glyphs: Glyphs): Span[][] {
  const largest = Math.max(0, ...jacobian.map(({ value }) => Math.abs(value)).filter(isNumber));
  const name = Math.min(NAME, Math.max(4, Math.floor(width / 3)));
  const field = Math.min(41, width - name - VALUE - 3);
  const title = spell(' ∂q/∂(z/τ): what a rise of each score does to q', glyphs);
  return [
    [span(textWidth(title) <= width ? title : spell(' ∂q/∂(z/τ)', glyphs), 'title')],
    ...jacobian.map(({ text, value }) => [
      span(` ${fitText(visible(text, glyphs), name)}`),
      ...(field >= 5 ? signedBar(largest > 0 ? value / largest : 0, field, glyphs) : []),
      span(right(spell(smallText(value, 4), glyphs), VALUE), value < 0 ? 'cut' : 'shaped'),
    ]),
  ];
}

const isNumber = (value: number) => Number.isFinite(value);
