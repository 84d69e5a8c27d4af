import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from './contender.ts';

export interface Timing {
  /** Microseconds per step: the middle one, and those at a tenth and nine tenths. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly steps: number;
}

const ROUNDS = 96;
const FEWEST_STEPS = 5;
/** What one contender may take of a cell's time, in microseconds; slow ones skip rounds for it. */
const BUDGET = 700_000;
const WARM_UP = 300_000;
const WARM_UP_STEPS = 3000;
/** Shorter steps are run so often before one is timed that neither caches nor branch predictors
 * are left as the contender before had them: all are timed warm. Longer ones would not notice. */
const SHORT = 1000;
const DRY_STEPS = 8;
/** ONNX Runtime's threads spin this long, in milliseconds, after a run: nobody is timed then. */
const SPINNING = 3;

/** The value below which the given part of them lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Runs a contender until it is compiled: the microseconds of its later steps. */
async function warmUp(contender: Contender, rows: readonly Float32Array[]): Promise<number> {
  const times: number[] = [];
  for (let spent = 0; spent < WARM_UP && times.length < WARM_UP_STEPS; spent += times.at(-1)!) {
    const index = times.length % rows.length;
    contender.load(rows[index], index);
    times.push(await contender.step());
  }
  return quantile(times.slice(times.length >> 1), 0.5);
}

/**
 * Times all contenders in turn, every round on the next row, so that whatever slows the machine
 * for a while slows them all.
 */
export async function interleave(
  contenders: readonly Contender[],
  rows: readonly Float32Array[],
): Promise<Map<string, Timing>> {
  const entries: { contender: Contender; short: boolean; stride: number; times: number[] }[] = [];
  for (const contender of contenders) {
    const cost = await warmUp(contender, rows);
    const stride = Math.ceil(ROUNDS / Math.max(FEWEST_STEPS, Math.min(ROUNDS, BUDGET / cost)));
    entries.push({ contender, short: cost < SHORT, stride, times: [] });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { contender, short, stride, times } of entries) {
      if (round % stride !== 0) continue;
      for (let dry = short ? DRY_STEPS : 0; dry >= 0; dry--) {
        const index = (round + dry) % rows.length;
        contender.load(rows[index], index);
        const time = await contender.step();
        if (dry === 0) times.push(time);
      }
      if (contender.name === 'hf') await pause(SPINNING);
    }
  }
  for (const { contender } of entries) contender.close?.();
  return new Map(
    entries.map(({ contender, times }) => [
      contender.name,
      {
        median: quantile(times, 0.5),
        low: quantile(times, 0.1),
        high: quantile(times, 0.9),
        steps: times.length,
      },
    ]),
  );
}
