import { FAINT, INK } from './colours.ts';
import { EDGES, type Field } from './field.ts';
import { line, text } from './shapes.ts';

const { left, right, top, bottom } = EDGES;

/** The axes of a field with their ticks and titles. */
export function axes(field: Field): string[] {
  return [
    ...field.x.ticks.map(({ at, text: value }) =>
      [
        line(field.right(at), top, field.right(at), bottom, FAINT),
        text(field.right(at), bottom + 18, value, 'text-anchor="middle"'),
      ].join('\n'),
    ),
    ...field.y.ticks.map(({ at, text: value }) =>
      [
        line(left, field.up(at), right, field.up(at), FAINT),
        text(left - 8, field.up(at) + 4, value, 'text-anchor="end"'),
      ].join('\n'),
    ),
    line(left, bottom, right, bottom, INK),
    line(left, top, left, bottom, INK),
    text(
      (left + right) / 2,
      bottom + 42,
      'diversity of a text: (1 − rep-2) (1 − rep-3) (1 − rep-4)',
      'text-anchor="middle" font-size="13"',
    ),
    text(
      0,
      0,
      'coherence of a text: mean ln p(token), nats',
      `text-anchor="middle" font-size="13" transform="translate(22 ${(top + bottom) / 2}) rotate(-90)"`,
    ),
  ];
}
