import type { Glyphs, Line, Span } from '../line.ts';
import { textWidth } from '../terminal/width.ts';
import { row, span } from './row.ts';
import { spell } from './spell.ts';

/** The stretch of a rule over one pane. */
export interface RulePart {
  /** The pane's cells. */
  readonly width: number;
  readonly title?: string;
  /** What is said at the right end, where there is room for it. */
  readonly note?: string;
  /** Where the wall in front of this pane goes on to. */
  readonly joint?: 'up' | 'down' | 'both';
}

const JOINTS = { up: '┴', down: '┬', both: '┼' };

/** A rule over panes side by side, one cell between any two: `─ text ──┬─ next token ── 6.3 ─`. */
export function drawRule(parts: readonly RulePart[], glyphs: Glyphs): Line {
  const spans = parts.flatMap((part, i) => {
    const joint = spell(i === 0 ? '' : part.joint ? JOINTS[part.joint] : '─', glyphs);
    return [span(joint, 'rule'), ...stretch(part, glyphs)];
  });
  const width = parts.reduce((sum, part) => sum + part.width, 0) + Math.max(0, parts.length - 1);
  return row(
    spans.filter(({ text }) => text !== ''),
    width,
  );
}

function stretch({ width, title = '', note = '' }: RulePart, glyphs: Glyphs): Line {
  const rail = (length: number) => span(spell('─', glyphs).repeat(Math.max(0, length)), 'rule');
  const name = title && ` ${spell(title, glyphs)} `;
  const said = note && ` ${spell(note, glyphs)} `;
  // One cell of rule at both ends, and one between the two.
  const hasNote = said !== '' && textWidth(name) + textWidth(said) + 3 <= width;
  const ends: Span[] = hasNote ? [span(said, 'dim'), rail(1)] : [];
  const used = 1 + textWidth(name) + (hasNote ? textWidth(said) + 1 : 0);
  return row([rail(1), span(name, 'title'), rail(width - used), ...ends], width);
}
