import { type AllowedTokensOptions, allowedTokens } from './edits/allowed-tokens.ts';
import { type BadWordsOptions, badWords } from './edits/bad-words.ts';
import { type BannedTokensOptions, bannedTokens } from './edits/banned-tokens.ts';
import { type ConstraintOptions, constraint } from './edits/constraint.ts';
import { type DryOptions, dry } from './edits/dry.ts';
import { type LogitBiasOptions, logitBias } from './edits/logit-bias.ts';
import { type MinNewTokensOptions, minNewTokens } from './edits/min-new-tokens.ts';
import { type NoRepeatNgramOptions, noRepeatNgram } from './edits/no-repeat-ngram.ts';
import { type PenaltiesOptions, penalties } from './edits/penalties.ts';
import { type EpsilonCutoffOptions, epsilonCutoff } from './filters/epsilon-cutoff.ts';
import { type EtaCutoffOptions, etaCutoff } from './filters/eta-cutoff.ts';
import { type MinPOptions, minP } from './filters/min-p.ts';
import { type MirostatOptions, mirostat } from './filters/mirostat.ts';
import { type TopAOptions, topA } from './filters/top-a.ts';
import { type TopHOptions, topH } from './filters/top-h.ts';
import { type TopKOptions, topK } from './filters/top-k.ts';
import { type TopNSigmaOptions, topNSigma } from './filters/top-n-sigma.ts';
import { type TopPOptions, topP } from './filters/top-p.ts';
import { type TypicalPOptions, typicalP } from './filters/typical-p.ts';
import { type XtcOptions, xtc } from './filters/xtc.ts';
import type { FilterFloor, Stage } from './stage.ts';
import { type TemperatureOptions, temperature } from './temperature.ts';

/** The options of every stage: one line per stage. */
export interface StageOptions
  extends LogitBiasOptions,
    PenaltiesOptions,
    DryOptions,
    NoRepeatNgramOptions,
    BadWordsOptions,
    BannedTokensOptions,
    AllowedTokensOptions,
    MinNewTokensOptions,
    ConstraintOptions,
    TemperatureOptions,
    TopNSigmaOptions,
    TopKOptions,
    TopPOptions,
    MinPOptions,
    TypicalPOptions,
    EpsilonCutoffOptions,
    EtaCutoffOptions,
    TopAOptions,
    TopHOptions,
    XtcOptions,
    MirostatOptions,
    FilterFloor {}

/** Every stage in the order 'temperature-first': one line per stage. */
export const stages: readonly Stage<StageOptions>[] = [
  logitBias,
  penalties,
  dry,
  noRepeatNgram,
  badWords,
  bannedTokens,
  allowedTokens,
  minNewTokens,
  constraint,
  temperature,
  topNSigma,
  topK,
  topP,
  minP,
  typicalP,
  epsilonCutoff,
  etaCutoff,
  topA,
  topH,
  xtc,
  mirostat,
];
