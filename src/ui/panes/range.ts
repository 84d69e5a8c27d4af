import type { TradeOff } from '../../evaluation/index.ts';
import type { Axis } from './axes.ts';
import { numberText } from './numbers.ts';

/** How far the two axes of a plot of trade-offs go. */
export interface Range {
  /** Choices, e^diversity, at the right end. */
  readonly choices: number;
  /** Nats of coherence at the bottom, as a positive number. */
  readonly depth: number;
}

const CHOICES = [30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000];
const DEPTHS = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512];

/**
 * The range that shows some points, in coarse steps, so that axes stay where they are while the
 * points move.
 *
 * @param before the range shown until now: it grows at once, and shrinks only when two steps less are
 *   enough
 */
export function rangeOf(points: readonly TradeOff[], before?: Range): Range {
  const finite = points.filter((p) => Number.isFinite(p.diversity) && Number.isFinite(p.coherence));
  const most = Math.max(0, ...finite.map(({ diversity }) => diversity));
  const least = Math.min(0, ...finite.map(({ coherence }) => coherence));
  return {
    choices: step(CHOICES, Math.exp(most), before?.choices),
    depth: step(DEPTHS, -least, before?.depth),
  };
}

function step(steps: readonly number[], needed: number, before: number | undefined): number {
  const found = steps.findIndex((step) => step >= needed);
  const enough = found === -1 ? steps.length - 1 : found;
  return before !== undefined && steps.indexOf(before) === enough + 1 ? before : steps[enough]!;
}

/** Diversity in nats, labelled by choices: evenly spaced, as a logarithmic axis. */
export function choicesAxis(choices: number): Axis {
  const ticks = [];
  for (let decade = 1; decade <= choices; decade *= 10)
    for (const count of [decade, 3 * decade])
      if (count <= choices) ticks.push({ at: Math.log(count), text: shortCount(count) });
  return { from: 0, to: Math.log(choices), ticks };
}

/** Coherence in nats, from 0 down. */
export function coherenceAxis(depth: number): Axis {
  return {
    from: 0,
    to: -depth,
    ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => ({
      at: -depth * part,
      text: numberText(-depth * part, (depth * part) % 1 === 0 ? 0 : 1),
    })),
  };
}

const shortCount = (count: number) => (count < 10_000 ? String(count) : `${count / 1000}k`);
