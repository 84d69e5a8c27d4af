import type { Knob } from '../knobs.ts';
import type { Side } from '../state/comparison.ts';
import { settingsWords } from './settings.ts';
import { capital, counted } from './words.ts';

/** Two texts with the same luck. */
export interface Compared {
  readonly left: Side;
  readonly right: Side;
  /** Index of the first token in which they differ. */
  readonly divergence: number | undefined;
}

/** The settings of both sides. */
export const comparingSentences = ({ left, right }: Compared, knobs: readonly Knob[]): string[] => [
  'Two settings on the same noise.',
  `Left: ${settingsWords(left.options, knobs)}.`,
  `Right: ${settingsWords(right.options, knobs)}.`,
];

/** Both texts once they are written, from where they part. */
export function comparedSentences({ left, right, divergence }: Compared): string[] {
  const from = (side: Side, index: number) =>
    side.written
      .slice(index)
      .map(({ text }) => text)
      .join('')
      .trim();
  if (divergence === undefined && left.written.length === right.written.length)
    return [`Both write the same: ${from(left, 0)}`];
  const parted = divergence ?? Math.min(left.written.length, right.written.length);
  const rest = (side: Side) => from(side, parted) || 'nothing more';
  return [
    `${capital(counted(parted, 'token'))} ${parted === 1 ? 'is' : 'are'} the same: ${from({ ...left, written: left.written.slice(0, parted) }, 0)}`,
    `Left goes on: ${rest(left)}`,
    `Right goes on: ${rest(right)}`,
  ];
}
