import { KelvinError } from '../error.ts';

/**
 * A check of the tokens an option names, for when there are logits: only they tell V.
 *
 * @returns throws KelvinError INVALID_TOKEN where the vocabulary is too small for one of them
 */
export function vocabularyCheck(option: string, tokens: readonly number[]): (V: number) => void {
  const largest = tokens.reduce((a, b) => Math.max(a, b), -1);
  return (V) => {
    if (largest >= V)
      throw new KelvinError(
        'INVALID_TOKEN',
        `${option} names token ${largest}, but the vocabulary has ${V} tokens`,
      );
  };
}
