import { KelvinError } from '../../sampling/error.ts';
import type { SettingSummary } from './summarise.ts';

/** Where a text, or the mean of several, stands. */
export interface TextPoint {
  /** Π (1 − rep-n), n = 2, 3, 4, in [0, 1]. */
  readonly diversity: number;
  /** Mean ln p(token), in nats. */
  readonly coherence: number;
}

export interface Recommendation {
  readonly best: SettingSummary;
  /** Why it is the best, in a sentence. */
  readonly reason: string;
}

/**
 * The setting to use. With a `reference`, the one whose texts are nearest to it in diversity and
 * coherence, each measured by how far the settings spread. Without, the one with the best product
 * of set diversity and e^coherence, which is the geometric mean probability of a token: both are
 * in [0, 1], so a setting that always tells the same is as far from it as one that babbles. Of
 * equals the first.
 *
 * @param settings one or more, as `summarise` gives them
 * @param options.reference the point of a text that reads as texts should
 * @throws KelvinError `INVALID_ARGUMENT` where there are none
 */
export function recommend(
  settings: readonly SettingSummary[],
  { reference }: { readonly reference?: TextPoint } = {},
): Recommendation {
  if (settings.length === 0)
    throw new KelvinError('INVALID_ARGUMENT', 'settings must have at least 1 entry, got none');
  return reference ? nearest(settings, reference) : balanced(settings);
}

function balanced(settings: readonly SettingSummary[]): Recommendation {
  const product = ({ setDiversity, coherence }: SettingSummary) =>
    setDiversity * Math.exp(coherence.mean);
  const best = highest(settings, product);
  const [diversity, probability] = [best.setDiversity, Math.exp(best.coherence.mean)].map(figure);
  return {
    best,
    reason: `the best product of diversity over all its texts (${diversity}) and mean probability of a token (${probability})`,
  };
}

function nearest(settings: readonly SettingSummary[], reference: TextPoint): Recommendation {
  const spread = (value: (setting: SettingSummary) => number) => {
    const values = settings.map(value);
    return Math.max(...values) - Math.min(...values) || 1;
  };
  const wide = spread(({ diversity }) => diversity.mean);
  const high = spread(({ coherence }) => coherence.mean);
  const distance = ({ diversity, coherence }: SettingSummary) =>
    Math.hypot(
      (diversity.mean - reference.diversity) / wide,
      (coherence.mean - reference.coherence) / high,
    );
  const best = highest(settings, (setting) => -distance(setting));
  const point = ({ diversity, coherence }: TextPoint) =>
    `diversity ${figure(diversity)} and coherence ${figure(coherence)} nat`;
  const its = { diversity: best.diversity.mean, coherence: best.coherence.mean };
  return {
    best,
    reason: `the nearest to the reference text: ${point(its)} beside its ${point(reference)}`,
  };
}

function highest(settings: readonly SettingSummary[], value: (setting: SettingSummary) => number) {
  return settings.reduce((best, setting) => (value(setting) > value(best) ? setting : best));
}

const figure = (value: number) => value.toFixed(3);
