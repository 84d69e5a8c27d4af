import { KelvinError } from '../../sampling/error.ts';
import { invalidOption } from '../../sampling/option.ts';
import { type Dtype, type GraphNames, graphsAmong } from '../onnx-file.ts';

/** The files of a model that kelvin reads, with one of its graphs. */
export interface Choice<File> {
  readonly dtype: Dtype;
  /** Every format there is. */
  readonly dtypes: readonly Dtype[];
  /** The graph comes last: who sees it may rely on the others. */
  readonly files: readonly File[];
}

interface Named {
  readonly path: string;
}

const SMALL =
  /^((generation_)?config\.json|tokenizer[\w.-]*\.json|(special_tokens_map|added_tokens)\.json|chat_template\.jinja)$/;
const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * Chooses what of a repository is worth a download.
 *
 * @param dtype of which graph; the same as is loaded by default if absent
 * @throws KelvinError `MODEL_UNSUPPORTED` for a repository kelvin cannot read, `INVALID_OPTION` for
 *   a `dtype` it has not
 */
export function choose<File extends Named>(
  id: string,
  files: readonly File[],
  dtype?: Dtype,
): Choice<File> {
  const paths = new Set(files.map(({ path }) => path));
  const { folder, graphs } = graphsIn(files);
  const missing = NEEDED.find((path) => !paths.has(path));
  if (missing !== undefined || !graphs[0])
    throw new KelvinError(
      'MODEL_UNSUPPORTED',
      `${id} has no ${missing ?? 'onnx/model.onnx'}: kelvin reads models in the transformers.js layout, as those of onnx-community are`,
    );
  const dtypes = graphs.map((graph) => graph.dtype);
  const graph = dtype === undefined ? graphs[0] : graphs.find((one) => one.dtype === dtype);
  if (!graph) throw invalidOption('dtype', `one of ${dtypes.join(', ')} of ${id}`, dtype);
  const own = graph.names.map((name) => folder + name);
  const last = folder + graph.name;
  const wanted = files.filter(({ path }) => SMALL.test(path) || own.includes(path));
  return {
    dtype: graph.dtype,
    dtypes,
    files: wanted.sort((a, b) => Number(a.path === last) - Number(b.path === last)),
  };
}

function graphsIn(files: readonly Named[]): { folder: string; graphs: GraphNames[] } {
  for (const folder of ['onnx/', '']) {
    const names = files
      .filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
      .map(({ path }) => path.slice(folder.length));
    const graphs = graphsAmong(names);
    if (graphs.length > 0) return { folder, graphs };
  }
  return { folder: '', graphs: [] };
}
