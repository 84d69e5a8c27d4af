import type { Step, StepCandidate } from '../../generation/step.ts';
import type { Line } from '../../ui/line.ts';
import { bits, percent } from '../../ui/panes/numbers.ts';
import { visible } from '../../ui/terminal/visible.ts';
import { legend, tokenLine } from '../score/report.ts';
import { table } from '../table.ts';

/** An answer coloured by surprisal, and what the colours mean. */
export function answerLines(steps: readonly Step[], room: number): Line[] {
  return [steps.flatMap((step) => tokenLine(step)), [], legend(room), []];
}

/**
 * The least expected tokens of an answer in the order of the text, each with what it was drawn
 * with and what could have stood in its place.
 *
 * @param count how many, integer ≥ 0
 */
export function leastExpected(steps: readonly Step[], count: number): string {
  const rows = steps
    .toSorted((a, b) => a.logprob - b.logprob)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map((step) => {
      const { index, token, text, logprob, shapedLogprob, top = [] } = step;
      const own = top.find((candidate) => candidate.token === token);
      const others = top.filter((candidate) => candidate !== own && candidate.shaped !== 0);
      return [
        String(index),
        shown(own?.text ?? text),
        bits(-logprob).toFixed(2),
        Number.isNaN(shapedLogprob) ? '–' : `${percent(Math.exp(shapedLogprob), 5)} %`,
        others.map(alternative).join('  ') || '–',
      ];
    });
  return table([['token', 'text', 'bits', 'drawn with', 'instead'], ...rows]);
}

const shown = (text: string) => visible(text, 'unicode', 'all');

// An engine that samples tells the model's own probabilities alone.
const alternative = ({ text, raw, shaped }: StepCandidate) =>
  `${shown(text)} ${percent(Number.isNaN(shaped) ? raw : shaped, 5)} %`;
