import { show } from './check.ts';
import { KelvinError } from './error.ts';
import { type StageOptions, stages } from './stages.ts';

const refusal = (message: string) => new KelvinError('INVALID_OPTION', message);

/**
 * Refuses options that are right by themselves, but of which one could not act beside another.
 *
 * @throws KelvinError INVALID_OPTION naming both
 */
export function checkTogether(options: StageOptions): void {
  const { dynamicTemperature, endTokens, minNewTokens, mirostat, temperature } = options;
  if (minNewTokens > 0 && endTokens.length === 0)
    throw refusal(
      `minNewTokens must be 0 where endTokens is empty, as there is no token to hold back, got ${minNewTokens}`,
    );
  if (dynamicTemperature && temperature === Infinity)
    throw refusal(
      `dynamicTemperature must be absent where temperature is Infinity, which no range changes, got ${show(dynamicTemperature)}`,
    );
  const filter = stages.find(
    (stage) => stage.kind === 'filter' && stage.name !== 'mirostat' && stage.active(options),
  );
  if (mirostat && filter)
    throw refusal(
      `mirostat must be absent where ${filter.name} is set, as it stands in for all other filters, got ${show(mirostat)}`,
    );
}
