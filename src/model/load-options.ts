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
}

export const threadsOption = integerOption({
  min: 1,
  max: 1024,
  default: undefined,
  summary: "cores one step may use; by the model's size if absent",
});

/** @throws KelvinError naming the option, the allowed values and the value received */
export function checkLoadOptions(options: LoadOptions): void {
  checkOptionNames(options, ['dtype', 'threads', 'progress']);
  const { dtype, threads, progress } = options;
  if (dtype !== undefined && !DTYPES.includes(dtype))
    throw invalidOption('dtype', `one of ${DTYPES.join(', ')}`, dtype);
  if (progress !== undefined && typeof progress !== 'function')
    throw invalidOption('progress', 'a function', progress);
  if (threads !== undefined) threadsOption.parse(threads, 'threads');
}
