import { numberText } from '../panes/numbers.ts';
import type { SweepPane } from '../panes/sweep.ts';
import { inWords, percentage } from './words.ts';

/** How often one is told how far it is. */
const TELLINGS = 4;

/**
 * What a sweep has come to since it was told the last time.
 *
 * @param before absent where it is told for the first time
 */
export function sweptSentences(before: SweepPane | undefined, after: SweepPane): string[] {
  const { done, total } = after.progress;
  if (!after.isRunning) return before && !before.isRunning ? [] : resultSentences(after);
  if (!before) return [`Sweeping: ${done} of ${total} texts. Escape stops, s is back to the text.`];
  const part = ({ progress }: SweepPane) => Math.floor((progress.done / total) * TELLINGS);
  return part(before) === part(after) ? [] : [`${done} of ${total} texts.`];
}

function resultSentences({ progress, rows, best, error }: SweepPane): string[] {
  const { done, total } = progress;
  if (error !== undefined) return [`The sweep has failed: ${error}`];
  const number = (value: number) => inWords(numberText(value));
  return [
    done < total ? `The sweep stopped after ${done} of ${total} texts.` : 'The sweep is done.',
    ...rows.map(({ label, diversity, coherence, repetition, loops }) => {
      const measured = `diversity ${number(diversity.mean)}, coherence ${number(coherence.mean)}`;
      const looped = loops === 0 ? '' : `, ${loops} in a loop`;
      return `Temperature ${inWords(label)}: ${measured}, repeats ${percentage(repetition)} percent${looped}.`;
    }),
    ...(best ? [`Recommended: temperature ${inWords(best.label)}, ${inWords(best.why)}.`] : []),
  ];
}
