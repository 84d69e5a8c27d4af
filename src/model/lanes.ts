import type { TypedTensor } from 'onnxruntime-node';
import type { Cache, Outputs } from './cache.ts';
import { bitsOf } from './half.ts';
import type { CacheSlot } from './signature.ts';

type Rows = Float32Array | Uint16Array;

const STEP = 64;

/** Room for so many rows and some more: it grows in steps of 64 rows, or of an eighth. */
function roomFor(rows: number): number {
  let room = STEP;
  while (room < rows) room = Math.ceil((room + room / 8) / STEP) * STEP;
  return room;
}

/**
 * Keys and values of several texts, each in a lane of its own, with room for rows to come: a step
 * adds one row per text and moves none.
 *
 * Where a graph wants the room behind the rows (`right`), a lane's rows are at the beginning of
 * each head's stretch. Where it wants it in front (`left`), all lanes end at the same row and the
 * graph is given a view that ends there too: what stands in front of a lane's rows is another
 * head's, and masked.
 */
export class Lanes implements Cache {
  readonly #ort: typeof import('onnxruntime-node');
  readonly #slots: readonly CacheSlot[];
  readonly #side: 'left' | 'right';
  readonly #limit: number;
  readonly #lengths: number[] = [];
  /** Rows per head and lane, and for how many lanes there is room. */
  #capacity = 0;
  #places = 0;
  /** Left: the row at which all lanes end. */
  #end = 0;
  #buffers: Rows[] = [];

  /**
   * @param side where the graph wants the room
   * @param limit as many tokens as the model can attend to: graphs with a table of who may see whom
   *   have no more columns, and room in front takes some
   */
  constructor(
    ort: typeof import('onnxruntime-node'),
    slots: readonly CacheSlot[],
    side: 'left' | 'right',
    limit: number,
  ) {
    this.#ort = ort;
    this.#slots = slots;
    this.#side = side;
    this.#limit = limit;
  }

  get lanes(): number {
    return this.#lengths.length;
  }

  length(lane: number): number {
    return this.#lengths[lane]!;
  }

  get #longest(): number {
    return Math.max(0, ...this.#lengths);
  }

  /** Adds an empty lane, the last one. */
  open(): void {
    this.#makeRoom(this.#longest, this.lanes + 1);
    this.#lengths.push(0);
  }

  /** Adds a copy of a lane of another's, the last one. */
  add(from: Lanes, lane: number): void {
    this.#makeRoom(Math.max(this.#longest, from.length(lane)), this.lanes + 1);
    this.#lengths.push(from.length(lane));
    this.#copy(from, lane, this.lanes - 1);
  }

  /** Takes a lane away; the last one takes its place. */
  remove(lane: number): void {
    const last = this.lanes - 1;
    this.#lengths[lane] = this.#lengths[last]!;
    if (lane !== last) this.#copy(this, last, lane);
    this.#lengths.pop();
    this.#makeRoom();
  }

  truncate(lane: number, length: number): void {
    const gone = this.#lengths[lane]! - length;
    if (gone === 0) return;
    if (this.#side === 'left' && this.lanes === 1) this.#end -= gone;
    else if (this.#side === 'left') {
      const first = this.#end - this.#lengths[lane]!;
      this.#eachHead(lane, (rows, at, size) =>
        rows.copyWithin(at(first + gone), at(first), at(first) + length * size),
      );
    }
    this.#lengths[lane] = length;
    this.#makeRoom();
  }

  copy(lane: number): Lanes {
    const copy = new Lanes(this.#ort, this.#slots, this.#side, this.#limit);
    copy.add(this, lane);
    return copy;
  }

  past(count: number): Record<string, TypedTensor<'float32' | 'float16'>> {
    const seen = this.#limit - count;
    if (this.#side === 'left' && this.#capacity > seen && this.#longest <= seen)
      this.#lay(seen, this.#places);
    return Object.fromEntries(
      this.#slots.map(({ input, type, heads, size }, i) => {
        const start = this.#side === 'left' ? this.#end * size : 0;
        const data = this.#buffers[i]!.subarray(
          start,
          start + this.lanes * heads * this.#capacity * size,
        );
        const dims = [this.lanes, heads, this.#capacity, size];
        return [input, new this.#ort.Tensor(type, data as Float32Array, dims)];
      }),
    );
  }

  mask(count: number): { readonly data: BigInt64Array; readonly width: number } {
    const width = (this.#side === 'left' ? this.#capacity : this.#longest) + count;
    const data = new BigInt64Array(this.lanes * width);
    for (const [lane, length] of this.#lengths.entries()) {
      const first = lane * width + (this.#side === 'left' ? this.#capacity - length : 0);
      data.fill(1n, first, first + length + count);
    }
    return { data, width };
  }

  keep(outputs: Outputs, count: number): void {
    this.#makeRoom(this.#longest, this.lanes, count);
    for (const [i, { output, heads, size }] of this.#slots.entries()) {
      const fresh = rowsOf(outputs[output]!);
      for (let lane = 0; lane < this.lanes; lane++)
        for (let head = 0; head < heads; head++) {
          const from = (lane * heads + head) * count * size;
          const row = this.#side === 'left' ? this.#end : this.#lengths[lane]!;
          this.#buffers[i]!.set(
            fresh.subarray(from, from + count * size),
            this.#at(i, lane, head, row),
          );
        }
    }
    for (const lane of this.#lengths.keys()) this.#lengths[lane]! += count;
    this.#end += count;
  }

  /** Where a row is in a slot's buffer. */
  #at(slot: number, lane: number, head: number, row: number): number {
    const { heads, size } = this.#slots[slot]!;
    // In front of the first lane a view needs as much room as in front of any other.
    const stretch = lane * heads + head + (this.#side === 'left' ? 1 : 0);
    return (stretch * this.#capacity + row) * size;
  }

  #eachHead(
    lane: number,
    work: (rows: Rows, at: (row: number) => number, size: number) => void,
  ): void {
    for (const [i, { heads, size }] of this.#slots.entries())
      for (let head = 0; head < heads; head++)
        work(this.#buffers[i]!, (row) => this.#at(i, lane, head, row), size);
  }

  /** The first row of a lane's. */
  #first(lane: number): number {
    return this.#side === 'left' ? this.#end - this.#lengths[lane]! : 0;
  }

  #copy(from: Lanes, lane: number, place: number): void {
    const first = from.#first(lane);
    for (const [i, { heads, size }] of this.#slots.entries())
      for (let head = 0; head < heads; head++) {
        const at = from.#at(i, lane, head, first);
        this.#buffers[i]!.set(
          from.#buffers[i]!.subarray(at, at + from.#lengths[lane]! * size),
          this.#at(i, place, head, this.#first(place)),
        );
      }
  }

  /**
   * Gives the lanes the room they need: so many of them, of so many rows, and for more rows each. How
   * much that is depends on nothing but these, so that a text that went back and on is computed in
   * the same shapes, and to the same bits, as one that never did.
   */
  #makeRoom(longest = this.#longest, lanes = this.lanes, more = 0): void {
    const capacity = Math.max(longest + more, Math.min(roomFor(longest + more), this.#limit - 1));
    const needed = 2 ** Math.ceil(Math.log2(Math.max(1, lanes)));
    const places = lanes > this.#places || this.#places > 4 * needed ? needed : this.#places;
    const isNear = this.#side === 'right' || (this.#end >= longest && this.#end + more <= capacity);
    if (capacity !== this.#capacity || places !== this.#places || !isNear)
      this.#lay(capacity, places, longest);
  }

  /** Lays everything out anew; left, so that all lanes end at a row. */
  #lay(capacity: number, places: number, end = this.#longest): void {
    const next = new Lanes(this.#ort, this.#slots, this.#side, this.#limit);
    next.#capacity = capacity;
    next.#places = places;
    next.#end = end;
    next.#buffers = this.#slots.map(({ type, heads, size }) => {
      const stretches = places * heads + (this.#side === 'left' ? 1 : 0);
      const length = stretches * capacity * size;
      return type === 'float16' ? new Uint16Array(length) : new Float32Array(length);
    });
    for (const [lane, length] of this.#lengths.entries()) {
      next.#lengths.push(length);
      next.#copy(this, lane, lane);
    }
    this.#capacity = capacity;
    this.#places = places;
    this.#end = end;
    this.#buffers = next.#buffers;
  }
}

const rowsOf = (tensor: Outputs[string]): Rows =>
  tensor.data instanceof Float32Array ? tensor.data : bitsOf(tensor.data as Uint16Array);
