import { invalidOption } from '../sampling/option.ts';
import { DTYPES, type Dtype } from './onnx-file.ts';
import { checkOptionNames } from './option-names.ts';

export interface LoadOptions {
  /** Weight format, where the folder holds several; the best present by default. */
  dtype?: Dtype;
  /** Cores one step may use; integer ≥ 1. One for small models, else onnxruntime's choice. */
  threads?: number;
}

/** @throws KelvinError naming the option, the allowed values and the value received */
export function checkLoadOptions(options: LoadOptions): void {
  checkOptionNames(options, ['dtype', 'threads']);
  const { dtype, threads } = options;
  if (dtype !== undefined && !DTYPES.includes(dtype))
    throw invalidOption('dtype', `one of ${DTYPES.join(', ')}`, dtype);
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1))
    throw invalidOption('threads', 'an integer ≥ 1', threads);
}
