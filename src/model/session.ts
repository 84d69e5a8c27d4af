import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { editGraph, type GraphReport } from './graph/edit-graph.ts';
import type { OnnxFile } from './onnx-file.ts';
import { reason } from './reason.ts';

// A small model loses more to waking a second thread than it gains (measured on the embedded one).
const BYTES_WORTH_THREADS = 64e6;

/** A session, and what became of its graph on the way. */
interface Opened {
  readonly session: InferenceSession;
  readonly graph: GraphReport;
}

/**
 * Opens an ONNX file with onnxruntime, with its graph edited as far as it is recognised.
 *
 * @param threads cores one step may use; by default 1 for small models, else onnxruntime's choice
 * @throws KelvinError `MODEL_FILE` naming the file
 */
export async function openSession(file: OnnxFile, threads?: number): Promise<Opened> {
  const { InferenceSession } = await import('onnxruntime-node');
  const { model, folder, report } = editGraph(file.path);
  const options = (folder?: string) => ({
    intraOpNumThreads: threads ?? (file.bytes < BYTES_WORTH_THREADS ? 1 : 0),
    logSeverityLevel: 4 as const,
    extra: {
      session: {
        // Spinning threads would keep a core busy between tokens.
        intra_op: { allow_spinning: '0' },
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: folder }),
      },
    },
  });
  if (model) {
    // Where that fails, the file itself may not, or says better what is wrong with it.
    const session = await InferenceSession.create(model, options(folder)).catch(() => undefined);
    if (session) return { session, graph: report };
  }
  try {
    const session = await InferenceSession.create(file.path, options());
    return { session, graph: model ? refused : report };
  } catch (cause) {
    throw new KelvinError('MODEL_FILE', `${file.path}: ${reason(cause)}`, { cause });
  }
}

const why = 'left: onnxruntime does not take the edited graph';
const refused: GraphReport = { head: why, cache: why, weights: why, padding: 'none' };
