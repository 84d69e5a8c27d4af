import { kebab } from '../../kebab.ts';
import type { Outcome } from '../outcome.ts';
import { labelOf } from '../report.ts';
import { axes } from './axes.ts';
import { GREY, INK, RED } from './colours.ts';
import { EDGES, Field } from './field.ts';
import { points } from './points.ts';
import { escaped, text } from './shapes.ts';

const SIZE = { width: 760, height: 520 };

/** The trade-off of a sweep as a drawing for a report, on white. */
export function svg(outcome: Outcome): string {
  const { head, settings, best } = outcome;
  const field = new Field(outcome);
  const title = `What the settings write after “${shortened(head.prompt)}”`;
  const most = Math.max(...settings.map(({ runs }) => runs));
  const note = `${head.model}, up to ${most} texts of each setting, of at most ${head.maxTokens} tokens; bars: 95 % bootstrap intervals of the mean`;
  const names = Object.keys(best.options).map(kebab).join(' ');
  const parts = [
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    text(EDGES.left, 26, title, 'font-size="15" font-weight="600"'),
    text(EDGES.left, 46, `recommended: ${labelOf(best.options)}`, `font-size="13" fill="${RED}"`),
    text(EDGES.right, 46, `labels: ${names}`, `text-anchor="end" fill="${GREY}"`),
    ...axes(field),
    text(EDGES.left, SIZE.height - 16, note, `font-size="11" fill="${GREY}"`),
    ...points(field, outcome),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">\n${parts.filter(Boolean).join('\n')}\n</svg>\n`;
}

/** As much of a prompt as fits into a title. */
function shortened(prompt: string): string {
  const signs = [...prompt.replace(/\s+/g, ' ').trim()];
  return signs.length > 56 ? `${signs.slice(0, 55).join('')}…` : signs.join('');
}
