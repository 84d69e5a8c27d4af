import * as ort from 'onnxruntime-node';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import type { Padding } from '../../../src/model/graph/padding.ts';
import { floatsFromHalves } from '../../../src/model/half.ts';

type Row = Float32Array | Uint16Array;

/** A text in a batch: how many tokens it has, and each cache's rows of them. */
interface Text {
  length: number;
  readonly rows: ReadonlyMap<string, Row[]>;
}

/** Where a past has room; `behind` is right of its rows, with an attention mask as long as it. */
type Room = Padding | 'behind';

/** How a runner differs from one of exact pasts. */
interface Options {
  readonly padding?: Room;
  /** Rows that a past has beyond those of its longest text. */
  readonly room?: number;
}

/** Runs a decoder with pasts that are put together anew for each run, slowly and plainly. */
export class Runner {
  readonly session: ort.InferenceSession;
  readonly #padding: Room;
  readonly #room: number;
  readonly #slots: ReadonlyMap<string, { type: string; heads: number; size: number }>;

  private constructor(session: ort.InferenceSession, { padding = 'none', room = 0 }: Options) {
    this.session = session;
    this.#padding = padding;
    this.#room = padding === 'none' ? 0 : room;
    this.#slots = new Map(
      session.inputMetadata.flatMap((input) =>
        input.isTensor && input.name.startsWith('past_key_values.')
          ? [
              [
                input.name,
                { type: input.type, heads: Number(input.shape[1]), size: Number(input.shape[3]) },
              ],
            ]
          : [],
      ),
    );
  }

  /** The file as it is. */
  static async plain(path: string, options: Options = {}): Promise<Runner> {
    return new Runner(await open(path), options);
  }

  /** The edited graph, with the padding it admits unless told another. */
  static async edited(path: string, options: Options = {}): Promise<Runner> {
    const { model, folder, report } = editGraph(path);
    if (!model) throw new Error(JSON.stringify(report));
    const extra = { session: { model_external_initializers_file_folder_path: folder } };
    return new Runner(await open(model, extra), { padding: report.padding, ...options });
  }

  text(): Text {
    return { length: 0, rows: new Map([...this.#slots.keys()].map((name) => [name, []])) };
  }

  /**
   * Appends tokens to each text. Only prompts of grouped attention may differ in length; the
   * shorter ones are filled up behind.
   *
   * @param wanted of which tokens, in the list of all, to return logits; of each text's last one
   *   unless told. Where a graph gives those of all tokens, they are picked here.
   */
  async run(
    texts: readonly Text[],
    tokens: readonly (readonly number[])[],
    wanted?: readonly number[],
  ): Promise<Float32Array[]> {
    const count = Math.max(...tokens.map((list) => list.length));
    const rows = wanted ?? tokens.map((list, i) => i * count + list.length - 1);
    const longest = Math.max(...texts.map(({ length }) => length));
    const capacity = longest + this.#room;
    const mask = texts.map(({ length }, i) =>
      this.#mask(length, tokens[i]!.length, longest + count, capacity),
    );
    const numbers = Array.from({ length: count }, (_, i) => i);
    const places = texts.map(({ length }) => numbers.map((i) => length + i));
    const ids = tokens.map((list) => numbers.map((i) => list[i] ?? 0));
    const given: Record<string, ort.Tensor> = {
      input_ids: matrix(ids),
      attention_mask: matrix(mask),
      position_ids: matrix(places),
      num_logits_to_keep: new ort.Tensor('int64', [0n], []),
      use_cache_branch: new ort.Tensor('bool', [longest > 0], [1]),
      'kelvin.rows': matrix([rows]),
    };
    const feeds: Record<string, ort.Tensor> = {};
    for (const name of this.session.inputNames)
      feeds[name] = given[name] ?? this.#past(texts, name, capacity);
    const outputs = await this.session.run(feeds);
    for (const name of this.#slots.keys()) this.#keep(texts, tokens, name, outputs);
    texts.forEach((text, i) => {
      text.length += tokens[i]!.length;
    });

    const data = bits(outputs.logits!);
    const all = data instanceof Float32Array ? data : floatsFromHalves(data);
    const width = outputs.logits!.dims[2]!;
    const listed = 'kelvin.rows' in feeds ? [...rows.keys()] : rows;
    return listed.map((row) => all.slice(row * width, (row + 1) * width));
  }

  #mask(length: number, count: number, total: number, capacity: number): number[] {
    const [seen, added] = [Array(length).fill(1), Array(count).fill(1)];
    if (this.#padding === 'right')
      return [...seen, ...added, ...Array(total - length - count).fill(0)];
    const room = Array(capacity - length).fill(0);
    return this.#padding === 'behind' ? [...seen, ...room, ...added] : [...room, ...seen, ...added];
  }

  #past(texts: readonly Text[], name: string, capacity: number): ort.Tensor {
    const { type, heads, size } = this.#slots.get(name)!;
    const dims = [texts.length, heads, capacity, size];
    const half = type === 'float16';
    const length = dims.reduce((a, b) => a * b);
    // What is in the room must not matter: it is 3.
    const data = half ? new Uint16Array(length).fill(0x4200) : new Float32Array(length).fill(3);
    texts.forEach((text, b) => {
      const ahead = this.#padding === 'left' ? capacity - text.length : 0;
      text.rows.get(name)!.forEach((row, t) => {
        for (let h = 0; h < heads; h++)
          data.set(
            row.subarray(h * size, (h + 1) * size),
            ((b * heads + h) * capacity + ahead + t) * size,
          );
      });
    });
    return data instanceof Float32Array
      ? new ort.Tensor('float32', data, dims)
      : new ort.Tensor('float16', data, dims);
  }

  /** Keeps the new rows, of an output which has no others or has them last. */
  #keep(
    texts: readonly Text[],
    tokens: readonly (readonly number[])[],
    name: string,
    outputs: ort.InferenceSession.OnnxValueMapType,
  ): void {
    const { heads, size } = this.#slots.get(name)!;
    const part = name.slice('past_key_values.'.length);
    const tensor = (outputs[`new.${part}`] ?? outputs[`present.${part}`]) as ort.Tensor;
    const data = bits(tensor);
    const length = tensor.dims[2]!;
    const first = length - Math.max(...tokens.map((list) => list.length));
    texts.forEach((text, b) => {
      for (let t = first; t < first + tokens[b]!.length; t++) {
        const row = data.slice(0, heads * size);
        for (let h = 0; h < heads; h++) {
          const at = ((b * heads + h) * length + t) * size;
          row.set(data.subarray(at, at + size), h * size);
        }
        text.rows.get(name)!.push(row);
      }
    });
  }
}

const matrix = (rows: readonly (readonly number[])[]) =>
  new ort.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [
    rows.length,
    rows[0]?.length ?? 0,
  ]);

function bits({ data }: ort.Tensor): Row {
  if (data instanceof Float32Array) return data;
  const halves = data as Uint16Array;
  return new Uint16Array(halves.buffer, halves.byteOffset, halves.length);
}

function open(model: string | Uint8Array, extra = {}): Promise<ort.InferenceSession> {
  const options = { intraOpNumThreads: 1, logSeverityLevel: 4, extra } as const;
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}
