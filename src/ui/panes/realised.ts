import type { TradeOff } from '../../evaluation/index.ts';
import type { Draw, Style } from '../line.ts';
import { Plot } from './axes.ts';
import { numberText } from './numbers.ts';
import { coherenceAxis, rangeOf } from './range.ts';
import { page, span } from './row.ts';
import { spell } from './spell.ts';

/** A text as it was written, by other measures than a distribution has. */
export interface RealisedPane {
  /**
   * Measured runs: `diversity` the product of the shares of distinct n-grams, in [0, 1],
   * `coherence` the mean ln raw p of its tokens.
   */
  readonly points: readonly (TradeOff & { readonly label: string })[];
  readonly now?: TradeOff;
  readonly reference?: TradeOff;
}

const X = {
  from: 0,
  to: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: String(at) })),
};

/**
 * The other pair of axes: what was written, not what might have been. Diversity of the last 256
 * tokens to the right, mean log-probability upwards.
 */
export const drawRealised: Draw<RealisedPane> = ({ points, now, reference }, size, glyphs) => {
  if (size.width < 16 || size.height < 4) {
    const texts = now
      ? [
          `written: diversity ${numberText(now.diversity)}`,
          `mean ln p ${numberText(now.coherence)}`,
        ]
      : [];
    return page(
      texts.map((text) => [span(` ${spell(text, glyphs)}`)]),
      size,
    );
  }
  const shown = [...points, ...(now ? [now] : []), ...(reference ? [reference] : [])];
  // Diversity has a range of its own here, so that only the depth is asked for.
  const { depth } = rangeOf(shown.map(({ coherence }) => ({ diversity: 0, coherence })));
  const plot = new Plot({ x: X, y: coherenceAxis(depth) }, size, glyphs);
  const { canvas } = plot;
  const mark = (point: TradeOff, sign: string, style: Style) => {
    const at = plot.inside(point.diversity, point.coherence);
    if (at) canvas.put(at.x, at.y, spell(sign, glyphs), style);
  };
  for (const point of points) mark(point, '○', 'run');
  if (reference) mark(reference, '◆', 'reference');
  if (now) mark(now, '●', 'now');
  const title = spell('text as written: mean ln p × diversity, last 256 tokens', glyphs);
  const short = spell('as written: ln p × diversity', glyphs);
  if (!canvas.write(1, 0, title, 'dim')) canvas.write(1, 0, short, 'dim');
  const signs = [
    ...(now ? ['● this text'] : []),
    ...(reference ? ['◆ prompt'] : []),
    ...(points.length > 0 ? ['○ sweep'] : []),
  ];
  canvas.write(1, 1, spell(signs.join('  '), glyphs), 'dim');
  for (const point of points) {
    const at = plot.inside(point.diversity, point.coherence);
    if (!at) continue;
    const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
    const text = spell(point.label, glyphs);
    const places = [
      [x + 1, y],
      [x - text.length, y],
      [x, y - 1],
      [x, y + 1],
    ] as const;
    places.some(([x, y]) => canvas.write(x, y, text, 'dim'));
  }
  return plot.rows(size);
};
