import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { editGraph, type GraphReport } from './graph/edit-graph.ts';
import type { OnnxFile } from './onnx-file.ts';
import { reason } from './reason.ts';

// A small model loses more to waking a second thread than it gains (measured on the embedded one).
const BYTES_WORTH_THREADS = 64e6;

/** A graph in onnxruntime, and what was edited about it. */
export interface OpenGraph {
  readonly session: InferenceSession;
  readonly report: GraphReport;
}

/**
 * Opens an ONNX file with onnxruntime, edited where it can be.
 *
 * @param threads cores one step may use; by default 1 for small models, else onnxruntime's choice
 * @throws KelvinError `MODEL_FILE` naming the file
 */
export async function openSession(file: OnnxFile, threads?: number): Promise<OpenGraph> {
  const ort = await import('onnxruntime-node');
  const { model, folder, report } = editGraph(file.path);
  const options = (extra: object): InferenceSession.SessionOptions => ({
    intraOpNumThreads: threads ?? (file.bytes < BYTES_WORTH_THREADS ? 1 : 0),
    logSeverityLevel: 4,
    // Spinning threads would keep a core busy between tokens.
    extra: { session: { intra_op: { allow_spinning: '0' }, ...extra } },
  });
  const plain = () => ort.InferenceSession.create(file.path, options({}));
  try {
    if (!model) return { session: await plain(), report };
    const where = { model_external_initializers_file_folder_path: folder };
    return await ort.InferenceSession.create(model, options(where)).then(
      (session) => ({ session, report }),
      // A file that onnxruntime opens only as it is, it opens as it is.
      async (cause: unknown) => ({
        session: await plain(),
        report: refused(reason(cause), report.rows),
      }),
    );
  } catch (cause) {
    throw new KelvinError('MODEL_FILE', `${file.path}: ${reason(cause)}`, { cause });
  }
}

function refused(why: string, rows: string): GraphReport {
  const left = `left: onnxruntime refuses the edited graph: ${why}`;
  return { head: left, cache: left, attention: left, weights: left, padding: 'none', rows };
}
