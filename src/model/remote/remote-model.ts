import { KelvinError } from '../../sampling/error.ts';
import { invalidOption } from '../../sampling/option.ts';
import type { ModelInfo } from '../info.ts';
import { checkLoadOptions, type LoadOptions } from '../load-options.ts';
import type { Sight, TextModel, TextSequence } from '../text-model.ts';
import { readAddress } from './address.ts';
import type { Engine, Told } from './engine.ts';
import { probe } from './probe.ts';
import { RemoteSequence } from './remote-sequence.ts';
import { RemoteTokenizer } from './remote-tokenizer.ts';
import { rowOf } from './row.ts';

/** Candidates that are asked for by default: enough for usual settings, and a few kB a token. */
const CANDIDATES = 256;
/** With them, the default that leaves nothing untold. */
const TOP_K = 40;
/** Candidates whose texts are asked for, where an engine does not tell them by itself. */
const SHOWN = 32;
/** No vocabulary is larger; where an engine does not tell the size of its model's. */
const VOCABULARY = 2 ** 19;

/** A model that an engine elsewhere runs: tokens -> what it tells of the distribution. */
export class RemoteModel implements TextModel {
  readonly info: ModelInfo;
  readonly engine: Engine;
  readonly tokenizer: RemoteTokenizer;
  readonly #sights = new WeakMap<Float32Array, Sight>();

  private constructor(info: ModelInfo, engine: Engine) {
    this.info = info;
    this.engine = engine;
    this.tokenizer = new RemoteTokenizer(engine);
  }

  /**
   * Finds out what answers at an address.
   *
   * @param name as in `http://host:port/v1#model`
   * @throws KelvinError as `probe`; `INVALID_OPTION` for options that do not go with it
   */
  static async open(name: string, options: LoadOptions = {}): Promise<RemoteModel> {
    checkLoadOptions(options);
    const engine = await probe(name, options.apiKey ?? process.env.KELVIN_ENGINE_KEY);
    const { facts, kind, tokens } = engine;
    const { approximate = false, sampledBy = tokens ? 'kelvin' : 'engine' } = options;
    if (sampledBy === 'kelvin' && !tokens)
      throw new KelvinError(
        'MODEL_UNSUPPORTED',
        `${facts.model}: kelvin cannot sample where tokens have no ids, as with an engine of the kind ${kind}: sampledBy must be engine`,
      );
    for (const option of ['approximate', 'candidates'] as const)
      if (sampledBy === 'engine' && options[option] !== undefined)
        throw invalidOption(option, 'absent where the engine samples', options[option]);
    const most = Math.min(facts.mostTop, facts.vocabularySize ?? VOCABULARY);
    const { candidates = Math.min(CANDIDATES, most) } = options;
    if (candidates > most)
      throw invalidOption('candidates', `an integer in [2, ${most}] with this engine`, candidates);
    const { base } = readAddress(name);
    const isWhole = candidates === facts.vocabularySize;
    const topK = Math.min(TOP_K, candidates - 1);
    return new RemoteModel(
      {
        ...{ name: facts.model, path: base, file: base, architecture: undefined },
        ...{ dtype: undefined, bytes: undefined, layers: undefined, graph: undefined },
        ...{ inputs: [], outputs: [] },
        vocabularySize: facts.vocabularySize ?? VOCABULARY,
        unusedIds: [],
        contextLength: facts.contextLength,
        beginToken: facts.beginToken,
        endTokens: facts.endTokens,
        chat: facts.chat,
        generation: sampledBy === 'kelvin' && !isWhole && topK > 0 ? { top_k: topK } : {},
        engine: {
          ...{ kind, url: base, sampledBy, approximate, candidates, mostCandidates: most },
          isVocabularyTold: facts.vocabularySize !== undefined,
        },
      },
      engine,
    );
  }

  sequence(): TextSequence {
    return new RemoteSequence((tokens, signal) => this.#row(tokens, signal));
  }

  lonelySequence(): TextSequence {
    return this.sequence();
  }

  give(): void {}

  sight(row: Float32Array): Sight | undefined {
    return this.#sights.get(row);
  }

  async dispose(): Promise<void> {}

  async #row(prompt: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    const { tokens, facts } = this.engine;
    const told = await tokens!.next(prompt, this.info.engine!.candidates, signal);
    const { row, sight } = rowOf(told, this.info.vocabularySize);
    this.#sights.set(row, sight);
    await this.#learn(told, facts.endTokens, signal);
    return row;
  }

  /** The texts of what may be drawn and is shown; of what is not told with them, the likeliest. */
  async #learn(
    told: readonly Told[],
    ends: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (const { token, bytes } of told) if (bytes) this.tokenizer.know({ token, bytes });
    const silent = told.filter(({ token, bytes }) => !bytes && !ends.includes(token));
    const shown = silent.slice(0, SHOWN).map(({ token }) => token);
    await this.tokenizer.learnEach(shown, signal);
  }
}
