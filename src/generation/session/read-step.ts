import { KelvinError, parseSamplingOptions, type SamplingOptions } from '../../sampling/index.ts';
import { withNumbers } from '../json-text.ts';
import type { StepCandidate } from '../step.ts';
import {
  exactly,
  type Field,
  flag,
  natural,
  number,
  optional,
  readFields,
  readRecord,
  refuse,
  text,
} from './fields.ts';
import type { RecordedModel, RecordedStep } from './record.ts';

/** One line of a file. */
export interface Line {
  /** From 1. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

const candidates: Field<readonly StepCandidate[]> = {
  allowed: 'an array of candidates',
  read: (value) => (Array.isArray(value) ? (withNumbers(value) as StepCandidate[]) : undefined),
};

/** @param index the one it must have */
export function readStep({ line, value }: Line, index: number): RecordedStep {
  const fields = readFields<Omit<RecordedStep, 'line'>>(line, value, {
    ...{ index: exactly(index), token: natural, text, logprob: number, shapedLogprob: number },
    ...{ entropy: number, choices: number, rank: natural },
    ...{ chosen: optional(flag), top: optional(candidates) },
  });
  return { line, ...fields };
}

/** Checked, and whole: nothing of them is left to a model's own file. */
export function readSampling(line: number, value: unknown, name: string): SamplingOptions {
  const given = withNumbers(readRecord(line, value, name));
  return checked(line, name, () => parseSamplingOptions(given as SamplingOptions));
}

/** Has a line's number in the error that a check ends in. */
export function checked<T>(line: number, name: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof KelvinError) refuse(line, `${name}: ${cause.message}`);
    throw cause;
  }
}

/** The fields of a model. */
export const modelFields = { name: text, path: text, dtype: text, bytes: natural };

/** Of which there is no telling whether it is the same, and which is not asked again. */
export function refuseEngine(line: number, model: unknown): void {
  if (typeof model === 'object' && model !== null && 'engine' in model)
    refuse(line, 'the model was run by an engine, and what an engine wrote is not replayed');
}

export function readModel(line: number, value: unknown, name: string): RecordedModel {
  refuseEngine(line, value);
  return readFields<RecordedModel>(line, value, modelFields, name);
}
