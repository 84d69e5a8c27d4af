import type { SeenCandidate, View } from '../../generation/explorer/view.ts';
import { kebab } from '../kebab.ts';
import { heard, percentage } from './words.ts';

/** As many as one keeps in mind. */
const LISTED = 3;

/**
 * What comes next: `Next: lit 36 percent, was 25. …`, the first token that each filter cut, and
 * what the seed draws. "Was" is the raw probability, where the knobs made another of it.
 */
export function nextSentences(view: View): string {
  const listed = view.candidates.filter(({ cutBy }) => cutBy === undefined).slice(0, LISTED);
  const more = view.kept - listed.length;
  const drawn = [...view.candidates, ...view.edges].find(({ token }) => token === view.drawn);
  return [
    `Next: ${listed.map((candidate) => `${candidateWords(candidate)}.`).join(' ')}`,
    ...(more > 0 ? [`${more} more ${more === 1 ? 'is' : 'are'} kept.`] : []),
    ...view.edges
      .filter(({ cutBy }) => cutBy !== undefined)
      .map(({ cutBy, text, token, raw }) => {
        return `Cut by ${kebab(cutBy!)}: ${heard(text, token)}, ${percentage(raw)} percent.`;
      }),
    `This seed draws ${heard(drawn?.text ?? '', view.drawn)}.`,
    ...(view.exact === false
      ? [
          `Approximate: ${percentage(view.tail!)} percent are of tokens the engine does not tell of.`,
        ]
      : []),
  ].join(' ');
}

/** The token that is picked, and its rank as far as it is listed. */
export function pickedSentence(view: View, token: number): string {
  const rank = view.candidates.findIndex((candidate) => candidate.token === token) + 1;
  const candidate = [...view.candidates, ...view.edges].find((other) => other.token === token);
  if (!candidate) return `Picked token ${token}.`;
  return `Picked ${candidateWords(candidate)}${rank > 0 ? `, rank ${rank}` : ''}.`;
}

function candidateWords({ text, token, raw, shaped, cutBy }: SeenCandidate): string {
  const name = heard(text, token);
  const was = percentage(raw);
  if (cutBy !== undefined) return `${name}, cut by ${kebab(cutBy)}, was ${was} percent`;
  const is = percentage(shaped);
  return `${name} ${is} percent${is === was ? '' : `, was ${was}`}`;
}
