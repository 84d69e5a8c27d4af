import type { TradeOff } from '../../evaluation/index.ts';
import type { Draw, Glyphs, Style } from '../line.ts';
import { type Band, Plot } from './axes.ts';
import type { Canvas } from './canvas.ts';
import { numberText } from './numbers.ts';
import { choicesAxis, coherenceAxis, type Range, rangeOf } from './range.ts';
import { page, span } from './row.ts';
import { spell } from './spell.ts';

type CurvePoint = TradeOff & { readonly temperature: number };

export interface PlanePane {
  /** Every temperature's diversity and coherence, from 0 to infinity; may be empty. */
  readonly curve: readonly CurvePoint[];
  readonly now?: TradeOff;
  /** Where earlier tokens were drawn from, oldest first; the last 16 are shown. */
  readonly trail: readonly TradeOff[];
  /** The prompt's own point. */
  readonly reference?: TradeOff;
  /** The diversities, in nats, between which a person's text lies. */
  readonly band?: Band;
  /** What measured runs expected, on average. */
  readonly runs?: readonly TradeOff[];
  /** How far the axes go; what {@link planeRange} finds if absent. */
  readonly range?: Range;
}

const TRAIL = 16;
/** No stretch of a curve needs more, however far outside the field its end lies. */
const MOST_DOTS = 4000;

/**
 * How far the axes must go to show what matters: the points, and the curve up to temperature 1.
 *
 * @param before the range shown until now, which changes only where it must
 */
export function planeRange(pane: PlanePane, before?: Range): Range {
  const { curve, now, trail, reference, band, runs = [] } = pane;
  const points = [...trail.slice(-TRAIL), ...runs, ...curve.filter((p) => p.temperature <= 1)];
  if (now) points.push(now);
  if (reference) points.push(reference);
  if (band) points.push({ diversity: band.high, coherence: 0 });
  return rangeOf(points, before);
}

/**
 * What every temperature would offer and keep at this token, and where the settings are: diversity
 * to the right, on a logarithmic axis of choices, coherence upwards. Too small for axes, the
 * numbers are written out.
 */
export const drawPlane: Draw<PlanePane> = (pane, size, glyphs) => {
  const { curve, now, trail, reference, band, runs = [] } = pane;
  if (size.width < 16 || size.height < 4) return page(numbers(now, glyphs), size);
  const { choices, depth } = pane.range ?? planeRange(pane);
  const axes = { x: choicesAxis(choices), y: coherenceAxis(depth) };
  const plot = new Plot(axes, size, glyphs);
  drawCurve(curve, plot);
  const mark = (point: TradeOff, sign: string, style: Style) => {
    const at = plot.inside(point.diversity, point.coherence);
    if (at) plot.canvas.put(at.x, at.y, spell(sign, glyphs), style);
  };
  const temperatures = [0.5, 1, 2].flatMap((t) => pointAt(curve, t) ?? []);
  for (const point of temperatures) {
    const at = plot.place(point.diversity, point.coherence);
    if (at) plot.canvas.put(at.x, at.y, spell('○', glyphs), 'curve');
  }
  for (const run of runs) mark(run, '◇', 'run');
  for (const point of trail.slice(-TRAIL)) mark(point, '∙', 'trail');
  if (reference) mark(reference, '◆', 'reference');
  if (now) mark(now, '●', 'now');
  legend(plot.canvas, pane, glyphs);
  for (const point of temperatures) label(point, plot, glyphs);
  return plot.rows(size, band);
};

// A line as far as temperatures are in use, every other dot beyond 1.
function drawCurve(curve: readonly CurvePoint[], plot: Plot): void {
  for (const [i, point] of curve.slice(1).entries()) {
    const from = plot.place(curve[i]!.diversity, curve[i]!.coherence);
    const to = plot.place(point.diversity, point.coherence);
    if (!from || !to) continue;
    const dots = Math.max(2 * Math.abs(to.x - from.x), 4 * Math.abs(to.y - from.y));
    const steps = Math.min(MOST_DOTS, Math.ceil(dots / (point.temperature > 1 ? 2 : 1)));
    for (let n = 0; n <= steps; n++) {
      const part = n / Math.max(1, steps);
      plot.canvas.dot(from.x + part * (to.x - from.x), from.y + part * (to.y - from.y));
    }
  }
}

// Where a temperature lies on the curve, between the two points around it.
function pointAt(curve: readonly CurvePoint[], temperature: number): CurvePoint | undefined {
  const above = curve.findIndex((point) => point.temperature >= temperature);
  const [a, b] = [curve[above - 1], curve[above]];
  if (b?.temperature === temperature) return b;
  if (!a || !b) return undefined;
  const scale = (t: number) => (t === Infinity ? 1 : t / (1 + t));
  const part =
    (scale(temperature) - scale(a.temperature)) / (scale(b.temperature) - scale(a.temperature));
  return {
    temperature,
    diversity: a.diversity + part * (b.diversity - a.diversity),
    coherence: a.coherence + part * (b.coherence - a.coherence),
  };
}

// Above the curve nothing else is drawn, so that there is room more often than not.
function label({ diversity, coherence, temperature }: CurvePoint, plot: Plot, glyphs: Glyphs) {
  const at = plot.place(diversity, coherence);
  if (!at || !plot.canvas.holds(at.x, at.y)) return;
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  const text = spell(`τ${String(temperature).replace('0.', '.')}`, glyphs);
  const places = [
    [x + 1, y],
    [x + 1, y - 1],
    [x, y - 1],
    [x - 1, y + 1],
  ] as const;
  places.some(([x, y]) => plot.canvas.write(x, y, text, 'dim'));
}

// In the upper right corner, which no distribution reaches.
function legend(canvas: Canvas, { reference, runs, trail }: PlanePane, glyphs: Glyphs): void {
  const signs = [
    '● now',
    ...(trail.length > 0 ? ['∙ last tokens'] : []),
    ...(reference ? ['◆ prompt'] : []),
    ...(runs?.length ? ['◇ runs'] : []),
  ];
  const titles = ['up: coherence, nats', 'right: choices'];
  const rows =
    canvas.height >= 12 && canvas.width >= 40 ? [...titles, ...signs] : [signs.join('  ')];
  if (canvas.width < 30 || canvas.height < 5) return;
  for (const [y, row] of rows.entries()) {
    const text = spell(row, glyphs);
    canvas.write(canvas.width - text.length - 1, y, text, 'dim');
  }
}

function numbers(now: TradeOff | undefined, glyphs: Glyphs) {
  if (!now) return [];
  const choices = numberText(Math.exp(now.diversity), 1);
  const texts = [`choices ${choices}`, `coherence ${numberText(now.coherence)}`];
  return texts.map((text) => [span(` ${spell(text, glyphs)}`)]);
}
