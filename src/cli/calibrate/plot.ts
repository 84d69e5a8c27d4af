import type { Fit } from '../../evaluation/index.ts';
import type { Line } from '../../ui/line.ts';
import { type Axis, Plot } from '../../ui/panes/axes.ts';

const WIDEST = 56;
const HEIGHT = 16;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const axis = (from: number, to: number): Axis => ({
  from,
  to,
  ticks: TICKS.map((tick) => from + (to - from) * tick).map((at) => ({ at, text: String(at) })),
});

/**
 * How often the model's first choice was right, upwards, over how sure it was, to the right: before
 * and after, and the line on which the two are equal. Bins without tokens are left out.
 */
export function reliabilityPlot(before: Fit, after: Fit, room: number): Line[] {
  const size = { width: Math.min(room, WIDEST), height: HEIGHT };
  const plot = new Plot({ x: axis(0, 1), y: axis(1, 0) }, size, 'unicode');
  for (let part = 0; part <= 1; part += 0.5 / size.width) {
    const at = plot.inside(part, part)!;
    plot.canvas.dot(at.x, at.y);
  }
  const mark = ({ bins }: Fit, sign: string, style: 'left' | 'right') => {
    for (const { count, confidence, accuracy } of bins) {
      const at = count > 0 && plot.inside(confidence, accuracy);
      if (at) plot.canvas.put(at.x, at.y, sign, style);
    }
  };
  mark(before, '○', 'left');
  mark(after, '●', 'right');
  return plot.rows(size);
}
