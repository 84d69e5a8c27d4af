import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import type { OnnxFile } from './onnx-file.ts';
import { reason } from './reason.ts';

// A small model loses more to waking a second thread than it gains (measured on the embedded one).
const BYTES_WORTH_THREADS = 64e6;

/**
 * Opens an ONNX file with onnxruntime.
 *
 * @param threads cores one step may use; by default 1 for small models, else onnxruntime's choice
 * @throws KelvinError `MODEL_FILE` naming the file
 */
export async function openSession(file: OnnxFile, threads?: number): Promise<InferenceSession> {
  const ort = await import('onnxruntime-node');
  const intraOpNumThreads = threads ?? (file.bytes < BYTES_WORTH_THREADS ? 1 : 0);
  try {
    return await ort.InferenceSession.create(file.path, {
      intraOpNumThreads,
      logSeverityLevel: 4,
      // Spinning threads would keep a core busy between tokens.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new KelvinError('MODEL_FILE', `${file.path}: ${reason(cause)}`, { cause });
  }
}
