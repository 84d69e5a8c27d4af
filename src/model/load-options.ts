import { integerOption, invalidOption } from '../sampling/option.ts';
import { checkOptionNames } from '../sampling/option-names.ts';
import { DTYPES, type Dtype } from './onnx-file.ts';

export interface LoadOptions {
  /** Weight format, where the folder holds several; the best present by default. */
  dtype?: Dtype;
  /** Cores one step may use; integer in [1, 1024]. One for small models, else onnxruntime's choice. */
  threads?: number;
}

export const threadsOption = integerOption({
  min: 1,
  max: 1024,
  default: undefined,
  summary: "cores one step may use; by the model's size if absent",
});

/** @throws KelvinError naming the option, the allowed values and the value received */
export function checkLoadOptions(options: LoadOptions): void {
  checkOptionNames(options, ['dtype', 'threads']);
  const { dtype, threads } = options;
  if (dtype !== undefined && !DTYPES.includes(dtype))
    throw invalidOption('dtype', `one of ${DTYPES.join(', ')}`, dtype);
  if (threads !== undefined) threadsOption.parse(threads, 'threads');
}
