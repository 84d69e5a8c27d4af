import type { Sight } from '../model/text-model.ts';
import { exp } from '../sampling/exp.ts';
import { log } from '../sampling/log.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { stages } from '../sampling/stages.ts';

/** Sums of probabilities that were told in Float32 are right to about this much. */
const ROUNDING = 1e-6;

const edits = new Set(stages.filter(({ kind }) => kind === 'edit').map(({ name }) => name));

/**
 * Whether a sampler would draw the same from a row of which only the likeliest tokens are known
 * whatever the other tokens' probabilities are: it is so where the filters keep nothing but told
 * tokens, and cannot have kept others or fewer. Told tokens that an untold one might beat count as
 * untold here.
 *
 * @param row log-probabilities; those of untold tokens stand at their average
 * @returns what it depends on: the name of a stage, or '' where no stage cuts what is untold;
 *   undefined where the step is exact
 */
export function inexactBy(sampler: Sampler, row: Float32Array, sight: Sight): string | undefined {
  const chain = sampler.describe().filter(({ active }) => active);
  const { options } = sampler;
  // A logit's sign is not known from its log-probability.
  if (options.repetitionPenalty !== 1) return 'repetitionPenalty';
  const { certain, bound, told, others, lowest, highest } = weigh(sampler.edited(row), row, sight);
  if (others === 0) return undefined;
  const least = options.minTokensToKeep;
  // So many of the certain ones are kept for sure; whether others are, and which, is not known yet.
  let sure = certain.length;
  let temperature = 1;
  // Whether no filter has cut anything so far.
  let isWhole = true;
  let blame: string | undefined;
  for (const { name } of chain) {
    if (edits.has(name)) continue;
    let count = Number.POSITIVE_INFINITY;
    // What the filter keeps for sure, where its count is not known: every one but these keeps a run
    // of likeliest tokens.
    let kept = least;
    switch (name) {
      case 'temperature':
        if ((options.dynamicTemperature?.range ?? 0) > 0) return 'dynamicTemperature';
        ({ temperature } = options);
        if (temperature > 0) continue;
        count = 1;
        break;
      case 'topK':
        count = kept = Math.max(options.topK, least);
        break;
      case 'minP': {
        const threshold = temperature === Infinity ? -Infinity : temperature * log(options.minP);
        if (threshold - ROUNDING > bound)
          count = Math.max(certain.filter((score) => score >= threshold).length, least);
        kept = count;
        break;
      }
      case 'topP':
        if (isWhole) [kept, count] = nucleus(temperature);
        if (kept !== count) count = Number.POSITIVE_INFINITY;
        break;
      case 'typicalP':
      case 'xtc':
      case 'mirostat':
        // They may cut likely tokens, and which depends on all of them.
        return name;
    }
    if (count <= sure) return undefined;
    blame ??= name;
    isWhole = false;
    sure = Math.min(sure, kept);
  }
  return blame ?? '';

  /** The fewest and the most tokens that top-p may keep, whatever the untold ones are. */
  function nucleus(temperature: number): [number, number] {
    const weight = (score: number) => exp(score / temperature);
    const seen = told.reduce((sum, score) => sum + weight(score), 0);
    const count = (total: number) => {
      let sum = 0;
      const reached = certain.findIndex((score) => {
        sum += weight(score);
        return sum >= options.topP * total;
      });
      return reached === -1 ? Number.POSITIVE_INFINITY : Math.max(reached + 1, least);
    };
    return [
      count((seen + lowest(temperature)) * (1 - ROUNDING)),
      count((seen + highest(temperature)) * (1 + ROUNDING)),
    ];
  }
}

/** What is certain of a row after its edits. Scores are below the largest told one's. */
interface Weighed {
  /** The scores of told tokens that no untold one can reach, largest first. */
  readonly certain: readonly number[];
  /** No untold token has a larger score. */
  readonly bound: number;
  /** The scores of all told tokens that are left. */
  readonly told: readonly number[];
  /** How many untold ones are left. */
  readonly others: number;
  /** Bounds of what the untold tokens weigh together at a temperature: of Σ e^(score / τ). */
  lowest(temperature: number): number;
  highest(temperature: number): number;
}

function weigh(edited: Float32Array, row: Float32Array, sight: Sight): Weighed {
  const { tokens } = sight;
  let { others } = sight;
  const isTold = new Set(tokens);
  const top = tokens.reduce(
    (max, token) => Math.max(max, edited[token]!),
    Number.NEGATIVE_INFINITY,
  );
  const least = sight.least - top;
  const raised: number[] = [];
  let touched = 0;
  edited.forEach((score, token) => {
    if (score === row[token] || isTold.has(token)) return;
    touched += 1;
    if (score === Number.NEGATIVE_INFINITY) others -= 1;
    // An edit moves a token as it moves the average that the token stands at.
    if (score > row[token]!) raised.push(least + (score - row[token]!) + ROUNDING);
  });
  const bound = raised.reduce((a, b) => Math.max(a, b), least);
  const told = tokens.map((token) => edited[token]! - top).filter(Number.isFinite);
  const p = exp(least);
  const tail = sight.tail * exp(-top);
  const slack = ROUNDING * exp(-top);
  const most = Math.min(tail + slack, others * p);
  const fewest = Math.max(0, tail - slack - touched * p);
  // Of masses with the same sum, Σ p^α is extreme where all are equal, and where each is 0 or p.
  const extremes = (mass: number, alpha: number) => [
    others * (mass / others) ** alpha,
    mass * p ** (alpha - 1),
  ];
  return {
    certain: told.filter((score) => score > bound).sort((a, b) => b - a),
    bound,
    told,
    others,
    lowest: (temperature) => Math.min(...extremes(fewest, 1 / temperature)),
    highest: (temperature) =>
      Math.max(...extremes(most, 1 / temperature)) +
      raised.reduce((sum, score) => sum + exp(score / temperature), 0),
  };
}
