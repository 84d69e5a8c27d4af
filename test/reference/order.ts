import type { ReferenceOptions } from './options.ts';

const EDITS =
  'logitBias penalties dry noRepeatNgram badWords bannedTokens allowedTokens minNewTokens constraint';

/** Names of the stages in the order they run. */
export function stageNames({ order = 'temperature-first' }: ReferenceOptions): readonly string[] {
  if (typeof order !== 'string') return order;
  const rest =
    order === 'temperature-first'
      ? 'temperature topNSigma topK topP minP typicalP epsilonCutoff etaCutoff topA topH xtc mirostat'
      : 'topNSigma topK typicalP topP minP epsilonCutoff etaCutoff topA topH xtc temperature mirostat';
  return `${EDITS} ${rest}`.split(' ');
}
