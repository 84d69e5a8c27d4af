import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { beginToken, contextLength, endTokens } from './config.ts';
import { readModelFolder } from './folder.ts';
import type { ModelInfo } from './info.ts';
import { checkLoadOptions, type LoadOptions } from './load-options.ts';
import { chooseOnnxFile } from './onnx-file.ts';
import { OnnxSequence, type Sequence } from './sequence.ts';
import { openSession } from './session.ts';
import { readSignature, type Signature } from './signature.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

type Ort = typeof import('onnxruntime-node');

/** A model in this thread: files -> tokens -> logits. */
export class LocalModel {
  readonly info: ModelInfo;
  readonly tokenizer: Tokenizer;
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #signature: Signature;

  private constructor(
    info: ModelInfo,
    tokenizer: Tokenizer,
    ort: Ort,
    session: InferenceSession,
    signature: Signature,
  ) {
    this.info = info;
    this.tokenizer = tokenizer;
    this.#ort = ort;
    this.#session = session;
    this.#signature = signature;
  }

  /**
   * Loads a model folder: session and tokenizer side by side.
   *
   * @param name a folder or an embedded model's name; the embedded default if absent
   */
  static async open(name?: string, options: LoadOptions = {}): Promise<LocalModel> {
    checkLoadOptions(options);
    const folder = await readModelFolder(name);
    const file = chooseOnnxFile(folder.files, options.dtype);
    const [ort, { session, graph }, tokenizer] = await Promise.all([
      import('onnxruntime-node'),
      openSession(file, options.threads),
      loadTokenizer(folder.path),
    ]);
    const signature = readSignature(session, file.path);
    const vocabularySize = signature.vocabularySize ?? folder.config.vocab_size;
    if (vocabularySize === undefined) {
      throw new KelvinError(
        'MODEL_UNSUPPORTED',
        `${folder.path}: neither the graph nor config.json (vocab_size) says how large the vocabulary is`,
      );
    }
    const { config, generation } = folder;
    const info: ModelInfo = {
      name: folder.name,
      path: folder.path,
      file: file.path,
      dtype: file.dtype,
      bytes: file.bytes,
      architecture: config.model_type,
      vocabularySize,
      contextLength: contextLength(config),
      layers: config.num_hidden_layers,
      beginToken: beginToken(config, generation),
      endTokens: endTokens(config, generation),
      graph,
      inputs: session.inputMetadata.map(tensorInfo),
      outputs: session.outputMetadata.map(tensorInfo),
      generation,
    };
    return new LocalModel(info, tokenizer, ort, session, signature);
  }

  /** A new, empty sequence; several may be decoded in turn. */
  sequence(): Sequence {
    return new OnnxSequence(this.#ort, this.#session, this.#signature);
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

function tensorInfo(value: InferenceSession.ValueMetadata): ModelInfo['inputs'][number] {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: [...value.shape] }
    : { name: value.name, type: 'not a tensor', shape: [] };
}
