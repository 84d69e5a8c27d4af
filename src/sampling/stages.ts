import { type LogitBiasOptions, logitBias } from './edits/logit-bias.ts';
import { type PenaltiesOptions, penalties } from './edits/penalties.ts';
import { type MinPOptions, minP } from './filters/min-p.ts';
import { type TopKOptions, topK } from './filters/top-k.ts';
import { type TopPOptions, topP } from './filters/top-p.ts';
import type { FilterFloor, Stage } from './stage.ts';
import { type TemperatureOptions, temperature } from './temperature.ts';

/** The options of every stage: one line per stage. */
export interface StageOptions
  extends LogitBiasOptions,
    PenaltiesOptions,
    TemperatureOptions,
    TopKOptions,
    TopPOptions,
    MinPOptions,
    FilterFloor {}

/** Every stage in the order 'temperature-first': one line per stage. */
export const stages: readonly Stage<StageOptions>[] = [
  logitBias,
  penalties,
  temperature,
  topK,
  topP,
  minP,
];
