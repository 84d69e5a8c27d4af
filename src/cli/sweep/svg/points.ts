import type { SettingSummary } from '../../../generation/sweep/summarise.ts';
import type { Outcome } from '../outcome.ts';
import { BLUE, PURPLE, RED } from './colours.ts';
import { EDGES, type Field } from './field.ts';
import { Labels } from './labels.ts';
import { circle, line, round, text } from './shapes.ts';

/** With a rim, as bars pass behind a label. */
const RIM = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"';

/** The settings with their intervals, the best one and the reference, labelled where there is room. */
export function points(field: Field, { settings, best, reference }: Outcome): string[] {
  const at = ({ diversity, coherence }: SettingSummary) =>
    [field.right(diversity.mean), field.up(coherence.mean)] as const;
  const labels = new Labels({ left: EDGES.left, right: EDGES.right });
  for (const setting of settings) labels.point(...at(setting));
  const label = (place: readonly [number, number], content: string, look: string) => {
    const free = labels.place(...place, content);
    return free ? text(free.x, free.y, content, `${look} ${RIM}`) : '';
  };
  return [
    ...strokes(settings).map((stroke) => {
      const places = stroke.map((setting) => at(setting).map(round).join(','));
      return `<polyline points="${places.join(' ')}" fill="none" stroke="${BLUE}" stroke-opacity="0.3"/>`;
    }),
    ...settings.map((setting) => cross(field, setting)),
    circle(...at(best), 7, `fill="none" stroke="${RED}" stroke-width="2"`),
    label(at(best), valuesOf(best), `font-weight="600" fill="${RED}"`),
    ...(reference ? [reference] : []).map(({ diversity, coherence }) => {
      const [cx, cy] = [field.right(diversity), field.up(coherence)];
      const diamond = `<path d="M${round(cx)} ${round(cy - 7)}l7 7l-7 7l-7 -7z" fill="${PURPLE}"/>`;
      return diamond + label([cx, cy], 'reference', `font-weight="600" fill="${PURPLE}"`);
    }),
    ...settings
      .filter((setting) => setting !== best)
      .map((setting) => label(at(setting), valuesOf(setting), '')),
  ];
}

const valuesOf = ({ options }: SettingSummary) => Object.values(options).join(' ');

/** A point and its two intervals. */
function cross(field: Field, { diversity, coherence }: SettingSummary): string {
  const [cx, cy] = [field.right(diversity.mean), field.up(coherence.mean)];
  const bars = [
    line(field.right(diversity.low), cy, field.right(diversity.high), cy, BLUE),
    line(cx, field.up(coherence.low), cx, field.up(coherence.high), BLUE),
  ];
  return `<g stroke-opacity="0.55">${bars.join('')}</g>\n${circle(cx, cy, 3.5, `fill="${BLUE}"`)}`;
}

/** The settings that differ in the last option alone, in rows. */
function strokes(settings: readonly SettingSummary[]): SettingSummary[][] {
  const rows = new Map<string, SettingSummary[]>();
  for (const setting of settings) {
    const row = Object.values(setting.options).slice(0, -1).join(' ');
    rows.set(row, [...(rows.get(row) ?? []), setting]);
  }
  return [...rows.values()];
}
