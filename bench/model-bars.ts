import type { Measure, Quantity, Row } from './model/row.ts';

/** A promise about the ratio of two sides' medians. */
interface Bar {
  readonly row: string;
  readonly of: string;
  readonly to: string;
  readonly measure: Measure;
  readonly most?: number;
  readonly least?: number;
  /** Where it is promised, of whatever size; everywhere if absent. */
  readonly model?: string;
  readonly at?: string;
}

const edited = { of: 'kelvin', to: 'unedited' } as const;
const wall = { measure: 'wall' } as const;

const bars: readonly Bar[] = [
  { row: 'context', ...edited, ...wall, at: '2048', most: 0.6 },
  { row: 'growth', of: 'long', to: 'short', ...wall, most: 2.2 },
  { row: 'loop', of: 'around', to: 'step', ...wall, most: 0.03 },
  { row: 'speed', of: 'hf', to: 'kelvin', ...wall, model: 'fp32', at: '64+128', least: 1.15 },
  { row: 'speed', of: 'hf', to: 'kelvin', ...wall, model: 'q4', least: 1.3 },
  { row: 'speed', of: 'hf', to: 'kelvin', ...wall, model: 'story', least: 1.8 },
  { row: 'speed', of: 'xenova', to: 'kelvin', ...wall, model: 'fp32', at: '64+128', least: 2.5 },
  { row: 'speed', of: 'xenova', to: 'kelvin', ...wall, model: 'story', least: 6 },
  { row: 'speed', of: 'llama', to: 'kelvin', ...wall, model: 'fp32', least: 1 },
  { row: 'prefill', ...edited, measure: 'cpu', most: 0.75 },
  { row: 'prefill', ...edited, measure: 'peak', most: 0.6 },
  { row: 'load', ...edited, ...wall, most: 0.5 },
  { row: 'load', ...edited, measure: 'growth', most: 0.5 },
  { row: 'batch', of: 'one', to: 'together', ...wall, least: 4 },
  { row: 'ticks', of: 'idle', to: 'writing', ...wall, least: 0.9 },
];

export interface Verdict {
  readonly row: string;
  readonly model: string;
  readonly at: string;
  /** Such as `hf/kelvin`. */
  readonly ratio: string;
  readonly measure: Measure;
  /** Absent where there was nothing to measure. */
  readonly value?: number;
  /** The same ratio of processor time, for when others were using the machine. */
  readonly cpu?: number;
  /** Such as `≤ 0.6`. */
  readonly bar: string;
  readonly verdict: 'PASS' | 'FAIL' | 'not measured';
}

const quotient = (above?: Quantity, below?: Quantity): number | undefined =>
  above && below && above.median / below.median;

/** Every bar, held against each row it is about. */
export const judge = (rows: readonly Row[]): Verdict[] =>
  bars.flatMap((bar): Verdict[] => {
    const { row, of, to, measure, most, least } = bar;
    const facts = {
      row,
      ratio: `${of}/${to}`,
      measure,
      bar: most === undefined ? `≥ ${least}` : `≤ ${most}`,
    };
    const about = rows.filter(
      ({ name, model, at }) =>
        name === row && model.endsWith(bar.model ?? '') && at === (bar.at ?? at),
    );
    if (about.length === 0) {
      const { model = '', at = '' } = bar;
      return [{ ...facts, model, at, verdict: 'not measured' }];
    }
    return about.map(({ model, at, sides }) => {
      const ratio = (kind: Measure) => quotient(sides[of]?.[kind], sides[to]?.[kind]);
      const value = ratio(measure);
      if (value === undefined) return { ...facts, model, at, verdict: 'not measured' };
      const pass = value <= (most ?? Infinity) && value >= (least ?? 0);
      const verdict = pass ? 'PASS' : 'FAIL';
      const cpu = measure === 'wall' ? ratio('cpu') : undefined;
      return { ...facts, model, at, value, ...(cpu === undefined ? {} : { cpu }), verdict };
    });
  });
