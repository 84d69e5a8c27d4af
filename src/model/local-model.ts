import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { collapsePages } from './collapse-pages.ts';
import { beginToken, contextLength, endTokens } from './config-facts.ts';
import { Decoder, type Guard } from './decoder.ts';
import { readModelFolder } from './folder.ts';
import { APART, type GraphReport } from './graph/edit-graph.ts';
import { Idle } from './idle.ts';
import type { ModelInfo } from './info.ts';
import { checkLoadOptions, type LoadOptions, type ModelPart } from './load-options.ts';
import { chooseOnnxFile } from './onnx-file.ts';
import { Sequence } from './sequence.ts';
import { openSession } from './session.ts';
import { readSignature } from './signature.ts';
import type { TextModel } from './text-model.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';
import { unusedIds } from './unused-ids.ts';

/** Weights that a processor's table of pages does not hold anyway. */
const WORTH_HUGE_PAGES = 32e6;

/** A model in this thread: files -> tokens -> logits. */
export class LocalModel implements TextModel {
  readonly info: ModelInfo & { readonly graph: GraphReport };
  readonly tokenizer: Tokenizer;
  readonly #session: InferenceSession;
  readonly #decoder: Decoder;
  readonly #idle = new Idle();
  readonly #disposal = new AbortController();
  #huge: Promise<void> | undefined;

  private constructor(
    info: LocalModel['info'],
    tokenizer: Tokenizer,
    session: InferenceSession,
    decoder: Decoder,
  ) {
    this.info = info;
    this.tokenizer = tokenizer;
    this.#session = session;
    this.#decoder = decoder;
  }

  /**
   * Loads a model folder: session and tokenizer side by side.
   *
   * @param name a folder or an embedded model's name; the embedded default if absent
   * @param guard see {@link Decoder}
   */
  static async open(
    name?: string,
    options: LoadOptions = {},
    guard: Guard = (work) => work(),
  ): Promise<LocalModel> {
    checkLoadOptions(options);
    const folder = await readModelFolder(name);
    const file = chooseOnnxFile(folder.files, options.dtype);
    const told = <T>(part: ModelPart, value: T): T => {
      options.progress?.(part);
      return value;
    };
    told('files', folder);
    const [ort, { session, report }, tokenizer] = await Promise.all([
      import('onnxruntime-node'),
      openSession(file, options.threads).then((opened) => told('graph', opened)),
      loadTokenizer(folder.path).then((tokenizer) => told('tokenizer', tokenizer)),
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
    const ends = endTokens(config, generation);
    const info: LocalModel['info'] = {
      name: folder.name,
      path: folder.path,
      file: file.path,
      dtype: file.dtype,
      bytes: file.bytes,
      architecture: config.model_type,
      vocabularySize,
      // What the folder names as the end of a text has a meaning, if no token.
      unusedIds: unusedIds(vocabularySize, (id) => tokenizer.has(id) || ends.includes(id)),
      contextLength: contextLength(config),
      layers: config.num_hidden_layers,
      beginToken: beginToken(config, generation),
      endTokens: ends,
      chat: tokenizer.template !== undefined,
      graph: report,
      inputs: session.inputMetadata.map(tensorInfo),
      outputs: session.outputMetadata.map(tensorInfo),
      generation,
    };
    const decoder = new Decoder(ort, session, signature, {
      padding: report.padding,
      batches: report.rows === APART,
      contextLength: info.contextLength,
      unusedIds: info.unusedIds,
      guard,
    });
    const model = new LocalModel(info, tokenizer, session, decoder);
    if (file.bytes >= WORTH_HUGE_PAGES) model.#huge = collapsePages(guard, model.#disposal.signal);
    return model;
  }

  /**
   * A sequence for a prompt: one that was given back and the prompt goes on from, or an empty one.
   * At least the prompt's last token is not in it.
   */
  sequence(prompt: readonly number[] = []): Sequence {
    return this.#idle.take(prompt) ?? new Sequence(this.#decoder);
  }

  /** An empty sequence that never shares a run, nor what another one has read. */
  lonelySequence(): Sequence {
    return new Sequence(this.#decoder, true);
  }

  /**
   * Keeps a sequence for prompts that go on from it.
   *
   * @param prompt how many of its tokens were the prompt
   */
  give(sequence: Sequence, prompt: number): void {
    const { cache, inputs } = this.#decoder.signature;
    // The branch with a past of a merged graph is for single tokens, not for the rest of a prompt.
    const goesOn = cache.length > 0 && !inputs.has('use_cache_branch');
    if (goesOn && this.info.graph.rows === APART) this.#idle.give(sequence, prompt);
    else sequence.release();
  }

  /** Rows of its own are known as a whole. */
  sight(): undefined {}

  async dispose(): Promise<void> {
    this.#disposal.abort();
    await this.#huge;
    await this.#session.release();
  }
}

function tensorInfo(value: InferenceSession.ValueMetadata): ModelInfo['inputs'][number] {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: [...value.shape] }
    : { name: value.name, type: 'not a tensor', shape: [] };
}
