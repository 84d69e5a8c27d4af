import { exp } from '../exp.ts';
import { settled } from '../limit.ts';
import { log } from '../log.ts';
import { integerOption, numberOption, type OptionRow, recordOption } from '../option.ts';
import type { Filter } from '../stage.ts';

/** What mirostat needs. */
export interface Mirostat {
  /** 1 estimates Zipf's exponent and keeps the k top tokens, 2 cuts at the surprisal itself. */
  readonly version: 1 | 2;
  /** The surprisal aimed at, in bits. ≥ 0, default 5. */
  readonly tau?: number;
  /** How fast the limit follows, ≥ 0, default 0.1. */
  readonly eta?: number;
}

/** The option of mirostat. */
export interface MirostatOptions {
  /**
   * Keeps the surprisal of the text near tau bits: tokens above a limit μ go, and after each drawn
   * token μ −= eta · (−log2 p − tau), p being the probability it was drawn with; μ starts at
   * 2 tau. Replaces the truncation filters: setting one of them as well is refused. Off when
   * absent.
   *
   * Version 2 as in llama.cpp. Version 1 differs in two points: k, the number of tokens to keep, is
   * rounded and made of the number of tokens left; llama.cpp truncates it and takes the size of the
   * vocabulary.
   *
   * μ learns from tokens the sampler itself draws and accepts, not from a bare `accept`.
   */
  mirostat: Mirostat | undefined;
}

/** How many tokens the estimate of Zipf's exponent looks at, as in the paper. */
const ESTIMATE_FROM = 100;

/** Zipf's exponent of descending probabilities, by least squares (equation 30 of the paper). */
function zipfExponent(probabilities: Float64Array): number {
  let tb = 0;
  let tt = 0;
  for (let i = 0; i + 1 < probabilities.length; i++) {
    const t = log((i + 2) / (i + 1));
    tb += t * log(probabilities[i] / probabilities[i + 1]);
    tt += t * t;
  }
  return tb / tt;
}

/** How many tokens keep the surprisal below μ bits, under Zipf's law with this exponent. */
function zipfCount(exponent: number, mu: number, vocabulary: number): number {
  const epsilon = exponent - 1;
  const size = log(vocabulary);
  // (1 − V^−ε) / ε tends to ln V at ε = 0.
  const sum = Math.abs(epsilon) < 1e-9 ? size : (1 - exp(-epsilon * size)) / epsilon;
  const count = Math.round(exp((mu * Math.LN2 - log(sum)) / exponent));
  return Number.isNaN(count) ? 1 : Math.min(vocabulary, Math.max(1, count));
}

/** Mirostat (Basu et al. 2020, arXiv:2007.14966). */
export const mirostat: Filter<MirostatOptions> = {
  name: 'mirostat',
  kind: 'filter',
  options: {
    mirostat: recordOption({
      members: {
        version: integerOption({ min: 1, max: 2, default: undefined, summary: '1 or 2' }),
        tau: numberOption({
          min: 0,
          max: Infinity,
          openMax: true,
          default: 5,
          summary: 'the surprisal aimed at, in bits',
        }),
        eta: numberOption({
          min: 0,
          max: Infinity,
          openMax: true,
          default: 0.1,
          summary: 'how fast it follows',
        }),
      },
      summary: 'keep the surprisal of the text near a value, in place of the truncation filters',
    }),
  } satisfies Record<keyof MirostatOptions, OptionRow>,
  active: ({ mirostat }) => mirostat !== undefined,
  limit(kept, { mirostat }, { mu }) {
    if (mirostat!.version === 2)
      return { kind: 'exponent', exponent: settled(kept.topSurprisal - mu * Math.LN2) };
    if (kept.count < 2) return undefined;
    const exponent = zipfExponent(kept.likeliest(ESTIMATE_FROM));
    return { kind: 'count', count: zipfCount(exponent, mu, kept.count) };
  },
};

/** μ before any token, in bits. */
export const initialMu = (mirostat: Mirostat | undefined): number => 2 * (mirostat?.tau ?? 0);

/** μ after a token was drawn with ln p = logprob. */
export const nextMu = (mirostat: Mirostat, mu: number, logprob: number): number =>
  mu - mirostat.eta! * (-logprob / Math.LN2 - mirostat.tau!);
