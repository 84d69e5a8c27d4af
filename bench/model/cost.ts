import { readFileSync, writeFileSync } from 'node:fs';

/** What some work took of this process: milliseconds, and megabytes. */
export interface Cost {
  readonly wall: number;
  /** Of all threads. */
  readonly cpu: number;
  /** The most resident at any moment, and what it grew by. */
  readonly peak: number;
  readonly growth: number;
  /** What of it was still there at the end. */
  readonly kept: number;
}

const MEGABYTE = 1024;

/** From /proc, where there is one. */
function resident(field: 'VmHWM' | 'VmRSS'): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1]) / MEGABYTE;
  } catch {
    return Number.NaN;
  }
}

/** Lets the peak start anew. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere than on Linux there are no peaks at all.
  }
}

export function stopwatch(): () => Pick<Cost, 'wall' | 'cpu'> {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    return { wall, cpu: (user + system) / 1000 };
  };
}

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.();
  forgetPeak();
  const before = resident('VmRSS');
  const time = stopwatch();
  await work();
  const peak = resident('VmHWM');
  return { ...time(), peak, growth: peak - before, kept: resident('VmRSS') - before };
}
