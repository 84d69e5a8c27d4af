import { show } from './check.ts';
import { penalties } from './edits/penalties.ts';
import { KelvinError } from './error.ts';
import { type StageOptions, stages } from './stages.ts';

const refusal = (message: string) => new KelvinError('INVALID_OPTION', message);

/**
 * Refuses options that are right by themselves, but of which one could not act beside another, or
 * not without one.
 *
 * @throws KelvinError INVALID_OPTION naming both
 */
export function checkTogether(options: StageOptions): void {
  const { dynamicTemperature, endTokens, minNewTokens, minTokensToKeep, mirostat } = options;
  const { penaltyWindow, temperature } = options;
  const filters = stages.filter((stage) => stage.kind === 'filter' && stage.active(options));
  const other = filters.find(({ name }) => name !== 'mirostat');
  if (penaltyWindow !== -1 && !penalties.active(options))
    throw refusal(
      `penaltyWindow must be -1 where repetitionPenalty is 1 and presencePenalty and frequencyPenalty are 0, as no penalty looks at it, got ${penaltyWindow}`,
    );
  if (minTokensToKeep > 1 && filters.length === 0)
    throw refusal(
      `minTokensToKeep must be 1 where no filter is set, as there is none to hold back, got ${minTokensToKeep}`,
    );
  if (minNewTokens > 0 && endTokens.length === 0)
    throw refusal(
      `minNewTokens must be 0 where endTokens is empty, as there is no token to hold back, got ${minNewTokens}`,
    );
  if (dynamicTemperature && temperature === Infinity)
    throw refusal(
      `dynamicTemperature must be absent where temperature is Infinity, which no range changes, got ${show(dynamicTemperature)}`,
    );
  if (mirostat && other)
    throw refusal(
      `mirostat must be absent where ${other.name} is set, as it stands in for all other filters, got ${show(mirostat)}`,
    );
}
