import { fitText } from '../terminal/width.ts';

/** What may cut a token, by a letter (its knob's key, where it has one) and in a narrow column. */
const SHORT: Readonly<Record<string, readonly [letter: string, name: string]>> = {
  temperature: ['t', 'temp'],
  topK: ['k', 'top-k'],
  topP: ['p', 'top-p'],
  minP: ['m', 'min-p'],
  topNSigma: ['n', 'top-n'],
  typicalP: ['y', 'typical'],
  topA: ['a', 'top-a'],
  topH: ['h', 'top-h'],
  epsilonCutoff: ['e', 'epsilon'],
  etaCutoff: ['u', 'eta'],
  xtc: ['x', 'xtc'],
  mirostat: ['o', 'miro'],
  penalties: ['r', 'penalty'],
  dry: ['d', 'dry'],
  noRepeatNgram: ['g', 'n-gram'],
  constraint: ['c', 'grammar'],
  logitBias: ['b', 'bias'],
  bannedTokens: ['b', 'banned'],
  badWords: ['b', 'words'],
  allowedTokens: ['b', 'allowed'],
  minNewTokens: ['b', 'min-new'],
  model: ['-', 'model'],
};

/** Cells of the longest short name. */
export const NAME_CELLS = 7;

/** One letter for the stage of that name. */
export const letterOf = (stage: string): string => SHORT[stage]?.[0] ?? '?';

/** At most 7 cells for the stage of that name. */
export const nameOf = (stage: string): string =>
  SHORT[stage]?.[1] ?? fitText(stage, NAME_CELLS).trimEnd();
