import { integerOption, invalidOption } from '../sampling/option.ts';
import { checkOptionNames } from '../sampling/option-names.ts';
import { DTYPES, type Dtype } from './onnx-file.ts';

/** Parts of a model as they are loaded: its small files, the graph with its weights, the tokenizer. */
export type ModelPart = 'files' | 'graph' | 'tokenizer';

export interface LoadOptions {
  /** Weight format, where the folder holds several; the best present by default. */
  dtype?: Dtype;
  /** Cores one step may use; integer in [1, 1024]. One for small models, else onnxruntime's choice. */
  threads?: number;
  /** Called as each part of the model is there. */
  progress?: (part: ModelPart) => void;
  /**
   * Who samples where an engine runs the model: `kelvin` asks for the likeliest tokens of each step
   * and draws from them, one request a token; `engine` sends the options and is told what was drawn.
   * `kelvin` by default, where the engine's tokens have ids.
   */
  sampledBy?: SampledBy;
  /** How many of the likeliest tokens an engine is asked for; ≥ 2, 256 by default, or as many as it tells. */
  candidates?: number;
  /**
   * Allows steps that are not exact: whose distribution depends on tokens that the engine does not
   * tell of. They are marked. False by default: such a step is an error.
   */
  approximate?: boolean;
  /** What the engine wants to be asked with; `KELVIN_ENGINE_KEY` of the environment by default. */
  apiKey?: string;
}

/** Who draws the tokens of a model that an engine runs. */
export type SampledBy = 'kelvin' | 'engine';
export const SAMPLERS: readonly SampledBy[] = ['kelvin', 'engine'];

export const candidatesOption = integerOption({
  // With one, nothing could be told of what is beside it, and no step would be exact.
  min: 2,
  default: undefined,
  summary:
    'how many of the likeliest tokens an engine is asked for\n256 if absent, or as many as it tells of',
});

export const threadsOption = integerOption({
  min: 1,
  max: 1024,
  default: undefined,
  summary: "cores one step may use; by the model's size if absent",
});

/** @throws KelvinError naming the option, the allowed values and the value received */
export function checkLoadOptions(options: LoadOptions): void {
  checkOptionNames(options, NAMES);
  const { dtype, threads, progress, sampledBy, candidates, approximate, apiKey } = options;
  if (dtype !== undefined && !DTYPES.includes(dtype))
    throw invalidOption('dtype', `one of ${DTYPES.join(', ')}`, dtype);
  if (progress !== undefined && typeof progress !== 'function')
    throw invalidOption('progress', 'a function', progress);
  if (threads !== undefined) threadsOption.parse(threads, 'threads');
  if (sampledBy !== undefined && !SAMPLERS.includes(sampledBy))
    throw invalidOption('sampledBy', `one of ${SAMPLERS.join(', ')}`, sampledBy);
  if (candidates !== undefined) candidatesOption.parse(candidates, 'candidates');
  if (approximate !== undefined && typeof approximate !== 'boolean')
    throw invalidOption('approximate', 'true or false', approximate);
  // What it was is nobody's business.
  if (apiKey !== undefined && (typeof apiKey !== 'string' || apiKey === ''))
    throw invalidOption('apiKey', 'a non-empty text', typeof apiKey);
}

const NAMES = [
  ...['dtype', 'threads', 'progress'],
  ...['sampledBy', 'candidates', 'approximate', 'apiKey'],
];
