import type { Row, Spread } from './ui/row.ts';

/** A promise about a quantity, or the ratio of two. */
interface Bar {
  readonly row: string;
  readonly of?: string;
  readonly to?: string;
  readonly part: keyof Spread;
  readonly most?: number;
  readonly least?: number;
  /** Where it is promised; everywhere if absent. */
  readonly at?: string;
}

const bars: readonly Bar[] = [
  // Tokens a second with the screen, to those without.
  { row: 'speed', of: 'without', to: 'with', part: 'median', at: 'writing', least: 0.97 },
  { row: 'key', part: 'median', most: 50 },
  { row: 'key', part: 'worst', most: 50 },
  // One tick of the system's clock.
  { row: 'idle', of: 'cpu', part: 'median', most: 10 },
  { row: 'frame', of: 'clears', part: 'worst', most: 0 },
  { row: 'output', of: 'clears', part: 'worst', most: 0 },
  // The cache of logits may take 64 MiB and is full behind 8,192 tokens.
  { row: 'memory', of: 'resident', part: 'median', at: '20000 tokens', most: 450 },
];

export interface Verdict {
  readonly row: string;
  readonly model: string;
  readonly at: string;
  /** Such as `without/with` or `knob, worst`. */
  readonly of: string;
  /** Absent where nothing was measured. */
  readonly value?: number;
  /** The same ratio of the model's thread's own processor time, for when others use the machine. */
  readonly thread?: number;
  /** Such as `≤ 50`. */
  readonly bar: string;
  readonly verdict: 'PASS' | 'FAIL' | 'not measured';
}

/** Every bar, held against each row it is about. */
export const judge = (rows: readonly Row[]): Verdict[] =>
  bars.flatMap((bar): Verdict[] => {
    const { row, part, to, most, least } = bar;
    const text = most === undefined ? `≥ ${least}` : `≤ ${most}`;
    const verdicts = rows
      .filter(({ name, at }) => name === row && at === (bar.at ?? at))
      .flatMap(({ model, at, quantities }) =>
        Object.keys(quantities)
          .filter((of) => of === (bar.of ?? of))
          .map((of): Verdict => {
            const above = quantities[of]![part];
            const value = to === undefined ? above : above / quantities[to]![part];
            const own = (side: string) => quantities[`${side}, model's thread`]![part];
            const pass = value <= (most ?? Infinity) && value >= (least ?? 0);
            return {
              ...{ row, model, at, of: to === undefined ? `${of}, ${part}` : `${of}/${to}` },
              ...(to === undefined ? {} : { thread: own(of) / own(to) }),
              ...{ value, bar: text, verdict: pass ? 'PASS' : 'FAIL' },
            };
          }),
      );
    if (verdicts.length > 0) return verdicts;
    const { of = '', at = '' } = bar;
    return [{ row, model: '', at, of, bar: text, verdict: 'not measured' }];
  });
