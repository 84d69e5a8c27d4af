import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KelvinError } from '../sampling/error.ts';
import { invalidOption } from '../sampling/option.ts';

/** Weight formats by the file names transformers.js gives them, best default first. */
const SUFFIXES = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;

export type Dtype = keyof typeof SUFFIXES;
export const DTYPES = Object.keys(SUFFIXES) as Dtype[];

/** One graph of a model with the size of everything it loads, external data included. */
export interface OnnxFile {
  readonly dtype: Dtype;
  readonly path: string;
  readonly bytes: number;
}

/** A graph among the files of a folder: its own name, and with it those of its external data. */
export interface GraphNames {
  readonly dtype: Dtype;
  readonly name: string;
  readonly names: readonly string[];
}

/** The graphs among the files of one folder, in order of preference. */
export function graphsAmong(names: readonly string[]): GraphNames[] {
  const stem = directoryStem(names);
  return DTYPES.flatMap((dtype) => {
    const name = `${stem}${SUFFIXES[dtype]}.onnx`;
    if (!names.includes(name)) return [];
    return { dtype, name, names: names.filter((n) => n === name || n.startsWith(`${name}_data`)) };
  });
}

/** The graphs in `folder/onnx` (or `folder`), in order of preference. */
export async function onnxFiles(folder: string): Promise<OnnxFile[]> {
  for (const directory of [join(folder, 'onnx'), folder]) {
    const graphs = graphsAmong(await readdir(directory).catch((): string[] => []));
    const files = graphs.map(async ({ dtype, name, names }): Promise<OnnxFile> => {
      const sizes = await Promise.all(names.map((part) => stat(join(directory, part))));
      const bytes = sizes.reduce((sum, entry) => sum + entry.size, 0);
      return { dtype, path: join(directory, name), bytes };
    });
    if (files.length > 0) return Promise.all(files);
  }
  throw new KelvinError('MODEL_FILE', `${join(folder, 'onnx', 'model.onnx')}: no such file`);
}

/** The file of `dtype`, or the preferred one where none is asked for. */
export function chooseOnnxFile(files: readonly OnnxFile[], dtype?: Dtype): OnnxFile {
  const file = dtype === undefined ? files[0] : files.find((entry) => entry.dtype === dtype);
  if (file) return file;
  const present = files.map((entry) => entry.dtype).join(', ');
  throw invalidOption('dtype', `one of ${present} here`, dtype);
}

// Older exports with a cache are called decoder_model_merged.
function directoryStem(names: readonly string[]): string {
  return names.some((name) => name.startsWith('model')) ? 'model' : 'decoder_model_merged';
}
