import { Plot } from '../../ui/panes/axes.ts';
import { wrapWords } from '../wrap-words.ts';
import type { Outcome } from './outcome.ts';
import { signOf } from './signs.ts';
import { extentOf } from './ticks.ts';

const HEIGHT = 18;
const WIDEST = 100;

/** Diversity and coherence of each setting, in plain characters; the best one and the reference. */
export function plot({ settings, best, reference }: Outcome, room: number): string {
  const points = [
    ...settings.map(({ diversity, coherence }) => [diversity.mean, coherence.mean] as const),
    ...(reference ? [[reference.diversity, reference.coherence] as const] : []),
  ];
  const x = extentOf(
    points.map(([diversity]) => diversity),
    6,
  );
  const upward = extentOf(
    points.map(([, coherence]) => coherence),
    5,
  );
  const y = { from: upward.to, to: upward.from, ticks: upward.ticks.toReversed() };
  const size = { width: Math.min(room, WIDEST), height: HEIGHT };
  const field = new Plot({ x, y }, size, 'ascii');
  const mark = (diversity: number, coherence: number, sign: string) => {
    const place = field.inside(diversity, coherence);
    if (place) field.canvas.put(place.x, place.y, sign, 'plain');
  };
  for (const setting of settings)
    mark(setting.diversity.mean, setting.coherence.mean, signOf(setting, best));
  mark(best.diversity.mean, best.coherence.mean, '*');
  if (reference) mark(reference.diversity, reference.coherence, '@');
  const rows = field.rows(size).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
  const key = reference ? '; * recommended, @ the reference' : '; * recommended';
  const title = wrapWords(`coherence, nats per token, over diversity${key}`, room);
  return [...title, ...rows].map((line) => `${line}\n`).join('');
}
