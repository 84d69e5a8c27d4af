const EMPTY = -1;

/** A longer array with the same beginning; the rest is `fill`. */
export function grown(from: Int32Array, length: number, fill = 0): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  to.fill(fill, from.length);
  return to;
}

/**
 * The edges of an automaton: from a state, by a token, to a state. A state's edges are a linked
 * list; all edges together are an open-addressing hash table by state and token, as most states
 * have one edge and a few have thousands. Nothing is ever removed.
 */
export class Transitions {
  #states = new Int32Array(64);
  #tokens = new Int32Array(64);
  #targets = new Int32Array(64);
  #nexts = new Int32Array(64);
  #count = 0;
  /** Edge by hash, at most half full. */
  #table = new Int32Array(128).fill(EMPTY);
  /** By state, its newest edge and how many it has. */
  #firsts = new Int32Array(64).fill(EMPTY);
  #degrees = new Int32Array(64);

  /** The edge from a state by a token; negative if there is none. */
  find(state: number, token: number): number {
    return this.#table[this.#slot(state, token)];
  }

  target(edge: number): number {
    return this.#targets[edge];
  }

  token(edge: number): number {
    return this.#tokens[edge];
  }

  /** How many edges leave a state. */
  degree(state: number): number {
    return state < this.#degrees.length ? this.#degrees[state] : 0;
  }

  /** A state's first edge; negative if it has none. */
  first(state: number): number {
    return state < this.#firsts.length ? this.#firsts[state] : EMPTY;
  }

  /** The edge after this one that leaves the same state; negative if it is the last. */
  next(edge: number): number {
    return this.#nexts[edge];
  }

  /** Adds an edge that is not there yet. */
  add(state: number, token: number, target: number): void {
    if (this.#count === this.#states.length) this.#growEdges();
    if (state >= this.#firsts.length) this.#growStates(state);
    const edge = this.#count++;
    this.#states[edge] = state;
    this.#tokens[edge] = token;
    this.#targets[edge] = target;
    this.#nexts[edge] = this.#firsts[state];
    this.#firsts[state] = edge;
    this.#degrees[state]++;
    this.#table[this.#slot(state, token)] = edge;
  }

  redirect(edge: number, target: number): void {
    this.#targets[edge] = target;
  }

  /** Gives a state without edges those of another. */
  copy(from: number, to: number): void {
    for (let edge = this.first(from); edge >= 0; edge = this.next(edge))
      this.add(to, this.token(edge), this.target(edge));
  }

  /** Where the edge is in the table, or where it would go. */
  #slot(state: number, token: number): number {
    const mask = this.#table.length - 1;
    const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(token, 0x85ebca6b);
    for (let at = (mixed ^ (mixed >>> 15)) & mask; ; at = (at + 1) & mask) {
      const edge = this.#table[at];
      if (edge < 0 || (this.#states[edge] === state && this.#tokens[edge] === token)) return at;
    }
  }

  #growEdges(): void {
    const length = 2 * this.#count;
    this.#states = grown(this.#states, length);
    this.#tokens = grown(this.#tokens, length);
    this.#targets = grown(this.#targets, length);
    this.#nexts = grown(this.#nexts, length);
    this.#table = new Int32Array(2 * length).fill(EMPTY);
    for (let edge = 0; edge < this.#count; edge++)
      this.#table[this.#slot(this.#states[edge], this.#tokens[edge])] = edge;
  }

  #growStates(state: number): void {
    this.#firsts = grown(this.#firsts, 2 * state, EMPTY);
    this.#degrees = grown(this.#degrees, 2 * state);
  }
}
