import type { SettingSummary } from '../../generation/sweep/summarise.ts';
import { kebab } from '../kebab.ts';
import { Labels } from './labels.ts';
import type { Outcome } from './outcome.ts';
import { labelOf } from './report.ts';
import { type Extent, extentOf } from './ticks.ts';

const SIZE = { width: 760, height: 520 };
const FIELD = { left: 76, right: 736, top: 64, bottom: 440 };

const RIM = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"';

const INK = '#1f2328';
const FAINT = '#d8dee4';
const BLUE = '#0b5cad';
const RED = '#b3261e';
const PURPLE = '#6f42c1';

/** The trade-off of a sweep as a drawing for a report, on white. */
export function svg({ head, settings, best, reference }: Outcome): string {
  const title = `What the settings write after “${shortened(head.prompt)}”`;
  const most = Math.max(...settings.map(({ runs }) => runs));
  const note = `${head.model}, up to ${most} texts of each setting, of at most ${head.maxTokens} tokens; bars: 95 % bootstrap intervals of the mean`;
  const others = reference ? [reference] : [];
  const x = extentOf(
    [
      ...settings.flatMap(({ diversity: { low, high } }) => [low, high]),
      ...others.map(({ diversity }) => diversity),
    ],
    7,
  );
  const y = extentOf(
    [
      ...settings.flatMap(({ coherence: { low, high } }) => [low, high]),
      ...others.map(({ coherence }) => coherence),
    ],
    6,
  );
  const right = (value: number) => scale(value, x, FIELD.left, FIELD.right);
  const up = (value: number) => scale(value, y, FIELD.bottom, FIELD.top);
  const at = ({ diversity, coherence }: SettingSummary) =>
    [right(diversity.mean), up(coherence.mean)] as const;

  const labels = new Labels({ left: FIELD.left, right: FIELD.right });
  for (const setting of settings) labels.point(...at(setting));
  const label = (place: readonly [number, number], content: string, look: string) => {
    const free = labels.place(...place, content);
    // With a rim, as bars pass behind it.
    return free ? text(free.x, free.y, content, `${look} ${RIM}`) : '';
  };
  const names = Object.keys(best.options).map(kebab).join(' ');
  const parts = [
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    text(FIELD.left, 26, title, 'font-size="15" font-weight="600"'),
    text(FIELD.left, 46, `recommended: ${labelOf(best.options)}`, `font-size="13" fill="${RED}"`),
    text(FIELD.right, 46, `labels: ${names}`, 'text-anchor="end" fill="#57606a"'),
    ...x.ticks.map(({ at, text: value }) =>
      [
        line(right(at), FIELD.top, right(at), FIELD.bottom, FAINT),
        text(right(at), FIELD.bottom + 18, value, 'text-anchor="middle"'),
      ].join('\n'),
    ),
    ...y.ticks.map(({ at, text: value }) =>
      [
        line(FIELD.left, up(at), FIELD.right, up(at), FAINT),
        text(FIELD.left - 8, up(at) + 4, value, 'text-anchor="end"'),
      ].join('\n'),
    ),
    line(FIELD.left, FIELD.bottom, FIELD.right, FIELD.bottom, INK),
    line(FIELD.left, FIELD.top, FIELD.left, FIELD.bottom, INK),
    text(
      mid(FIELD.left, FIELD.right),
      FIELD.bottom + 42,
      'diversity of a text: (1 − rep-2) (1 − rep-3) (1 − rep-4)',
      'text-anchor="middle" font-size="13"',
    ),
    text(
      0,
      0,
      'coherence of a text: mean ln p(token), nats',
      `text-anchor="middle" font-size="13" transform="translate(22 ${mid(FIELD.top, FIELD.bottom)}) rotate(-90)"`,
    ),
    text(FIELD.left, SIZE.height - 16, note, 'font-size="11" fill="#57606a"'),
    ...strokes(settings).map((stroke) => {
      const points = stroke.map((setting) => at(setting).map(round).join(','));
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${BLUE}" stroke-opacity="0.3"/>`;
    }),
    ...settings.map(({ diversity, coherence }) => {
      const [cx, cy] = [right(diversity.mean), up(coherence.mean)];
      const bars = [
        line(right(diversity.low), cy, right(diversity.high), cy, BLUE),
        line(cx, up(coherence.low), cx, up(coherence.high), BLUE),
      ];
      return `<g stroke-opacity="0.55">${bars.join('')}</g>\n${circle(cx, cy, 3.5, `fill="${BLUE}"`)}`;
    }),
    circle(...at(best), 7, `fill="none" stroke="${RED}" stroke-width="2"`),
    label(at(best), Object.values(best.options).join(' '), `font-weight="600" fill="${RED}"`),
    ...others.map(({ diversity, coherence }) => {
      const [cx, cy] = [right(diversity), up(coherence)];
      const diamond = `<path d="M${round(cx)} ${round(cy - 7)}l7 7l-7 7l-7 -7z" fill="${PURPLE}"/>`;
      return diamond + label([cx, cy], 'reference', `font-weight="600" fill="${PURPLE}"`);
    }),
    ...settings
      .filter((setting) => setting !== best)
      .map((setting) => label(at(setting), Object.values(setting.options).join(' '), '')),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">\n${parts.filter(Boolean).join('\n')}\n</svg>\n`;
}

/** As much of a prompt as fits into a title. */
function shortened(prompt: string): string {
  const signs = [...prompt.replace(/\s+/g, ' ').trim()];
  return signs.length > 56 ? `${signs.slice(0, 55).join('')}…` : signs.join('');
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

const scale = (value: number, { from, to }: Extent, first: number, last: number) =>
  first + ((value - from) / (to - from)) * (last - first);

const mid = (a: number, b: number) => (a + b) / 2;
const round = (value: number) => Number(value.toFixed(1));

const line = (x1: number, y1: number, x2: number, y2: number, colour: string) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;

const circle = (cx: number, cy: number, r: number, look: string) =>
  `<circle cx="${round(cx)}" cy="${round(cy)}" r="${r}" ${look}/>`;

const text = (x: number, y: number, content: string, look: string) =>
  `<text x="${round(x)}" y="${round(y)}" ${look}>${escaped(content)}</text>`;

// What XML 1.0 cannot hold at all is replaced.
const escaped = (content: string) =>
  content
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
