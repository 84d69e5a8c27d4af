import { TextMetrics, type TextReadout } from '../../evaluation/index.ts';
import type { Read } from '../../generation/score.ts';
import { windowsOf } from '../../generation/windows.ts';
import type { ModelInfo } from '../../model/info.ts';

/** What a text shows of itself and of the model that read it. Nats, but for the bits. */
export interface TextSummary extends TextReadout {
  readonly model: Pick<ModelInfo, 'name' | 'file' | 'dtype'>;
  /** UTF-8 bytes of the tokens that were scored. */
  readonly bytes: number;
  readonly bitsPerByte: number;
  /** Where the text is longer than the model's context: how it was read, in tokens. */
  readonly windows?: { readonly count: number; readonly length: number; readonly stride: number };
}

/** Measures a text while it is read. */
export class Scored {
  readonly #metrics = new TextMetrics();
  readonly #info: ModelInfo;
  readonly #total: number;
  #bytes = 0;
  #surprisal = 0;

  /** @param total tokens of the whole text */
  constructor(info: ModelInfo, total: number) {
    this.#info = info;
    this.#total = total;
  }

  /** Adds the next token; the first one, which nothing was in front of, does not count. */
  add({ token, text, logprob, rawEntropy }: Read): void {
    if (logprob === undefined) return;
    this.#metrics.push({ token, logprob, entropy: rawEntropy });
    this.#surprisal -= logprob;
    this.#bytes += Buffer.byteLength(text);
  }

  summary(): TextSummary {
    const { name, file, dtype, contextLength } = this.#info;
    const { length: count } = windowsOf(this.#total, contextLength);
    const isOne = contextLength === undefined || count === 1;
    return {
      model: { name, file, dtype },
      ...this.#metrics.read(),
      bytes: this.#bytes,
      bitsPerByte: this.#surprisal / Math.LN2 / this.#bytes,
      windows: isOne
        ? undefined
        : { count, length: contextLength, stride: Math.floor(contextLength / 2) },
    };
  }
}
