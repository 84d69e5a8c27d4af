import type { Explanation } from '../../generation/explorer/view.ts';
import { kebab } from '../kebab.ts';
import { numberText, smallText } from '../panes/numbers.ts';
import { capital, heard, inWords, percentage } from './words.ts';

/** Of the candidates' scores, as many as move a probability most. */
const MOVERS = 3;

/** How a token's probability comes about, from its logit on. */
export function explainedSentences(explanation: Explanation): string[] {
  const { text, token, rawLogit, logit, scaled, weight, total, shaped, surprisal, cutBy, raw } =
    explanation;
  const number = (value: number) => inWords(smallText(value, 4));
  const edited = logit === rawLogit ? 'unchanged by edits' : `${number(logit)} after edits`;
  const fate =
    cutBy === undefined
      ? `${percentage(shaped)} percent, a surprisal of ${inWords(numberText(surprisal / Math.LN2))} bits.`
      : `Cut by ${kebab(cutBy)}: it is not drawn.`;
  return [
    `${capital(heard(text, token))}, token ${token}. The model gives it ${percentage(raw)} percent.`,
    `Logit ${number(rawLogit)}, ${edited}. Over the temperature ${number(scaled)}.`,
    `Weight ${number(weight)} of ${number(total)} for all that are kept. ${capital(fate)}`,
    standardSentence(explanation),
    movers(explanation, number),
  ].filter((sentence) => sentence !== '');
}

const standardSentence = ({ standard }: Explanation) =>
  standard === undefined
    ? 'Standard normalisation is undefined: some logits are negative.'
    : `Standard normalisation gives ${percentage(standard)} percent.`;

function movers({ jacobian }: Explanation, number: (value: number) => string): string {
  const most = jacobian
    .filter(({ value }) => value !== 0)
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, MOVERS)
    .map(({ text, token, value }) => `${heard(text, token)} ${number(value)}`);
  return most.length === 0 ? '' : `Its derivative by the score of ${most.join(', of ')}.`;
}
