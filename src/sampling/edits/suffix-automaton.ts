import { grown, Transitions } from './transitions.ts';

const ROOT = 0;
const NONE = -1;

/**
 * Knows which tokens have already followed what a text ends in, and after how long a match: the
 * suffix automaton of the text (Blumer et al. 1985, "The smallest automaton recognizing the
 * subwords of a text"), built token by token in amortised O(1). At most 2n states, 3n edges.
 *
 * A state stands for all substrings that end at the same places. Its suffix link leads to the
 * longest of their suffixes that also ends elsewhere, so that the links from the state of the whole
 * text go through all its suffixes, longest first, and the followers of each are its edges.
 */
export class SuffixAutomaton {
  readonly #edges = new Transitions();
  /** By state, the length of its longest substring and its suffix link. */
  #lengths = new Int32Array(64);
  #links = new Int32Array(64).fill(NONE, 0, 1);
  #states = 1;
  /** The state of all tokens since the last restart, and how many those are. */
  #last = ROOT;
  #run = 0;
  readonly #shortest: number;
  readonly #longest: number;
  /** The states of the last `#shortest` and `#longest` of those tokens. */
  #near = ROOT;
  #far = ROOT;

  /**
   * @param shortest the fewest tokens that are a match, ≥ 0
   * @param longest longer matches are told as of this length, ≥ shortest
   */
  constructor(shortest: number, longest: number) {
    this.#shortest = shortest;
    this.#longest = longest;
  }

  /** One more token of the text. */
  extend(token: number): void {
    const known = this.#edges.find(this.#last, token);
    this.#last = known < 0 ? this.#append(token) : this.#split(this.#last, token, known);
    this.#near = this.#advance(this.#near, token, this.#shortest);
    this.#far = this.#advance(this.#far, token, this.#longest);
    this.#run++;
  }

  /** Begins a new text. The ones before it stay known, but no match reaches across. */
  restart(): void {
    this.#last = ROOT;
    this.#near = ROOT;
    this.#far = ROOT;
    this.#run = 0;
  }

  /**
   * Visits, longest match first, every token that has followed an earlier occurrence of the last
   * `shortest` tokens, with the most tokens for which that is so.
   *
   * The followers of a suffix are also followers of all shorter ones, so it is enough to look where
   * their number grows, and to stop when they are as many as the shortest match has.
   */
  followers(visit: (token: number, length: number) => void): void {
    if (this.#run < this.#shortest) return;
    const edges = this.#edges;
    const all = edges.degree(this.#near);
    let seen = 0;
    let longer = NONE;
    for (let state = this.#far; seen < all; state = this.#links[state]) {
      const degree = edges.degree(state);
      if (degree === seen) continue;
      const length = Math.min(this.#lengths[state], this.#longest);
      for (let edge = edges.first(state); edge >= 0; edge = edges.next(edge)) {
        const token = edges.token(edge);
        if (seen === 0 || edges.find(longer, token) < 0) visit(token, length);
      }
      seen = degree;
      longer = state;
    }
  }

  #append(token: number): number {
    const edges = this.#edges;
    const end = this.#state(this.#lengths[this.#last] + 1, ROOT);
    let state = this.#last;
    let edge = NONE;
    for (; state !== NONE; state = this.#links[state]) {
      edge = edges.find(state, token);
      if (edge >= 0) break;
      edges.add(state, token, end);
    }
    if (edge >= 0) {
      // First, as it may move the links to a longer array.
      const link = this.#split(state, token, edge);
      this.#links[end] = link;
    }
    return end;
  }

  /** The state of a state's longest substring and a token after it, made its own if it was not. */
  #split(from: number, token: number, edge: number): number {
    const edges = this.#edges;
    const target = edges.target(edge);
    const length = this.#lengths[from] + 1;
    if (this.#lengths[target] === length) return target;
    const shorter = this.#state(length, this.#links[target]);
    edges.copy(target, shorter);
    this.#links[target] = shorter;
    for (let state = from; state !== NONE; state = this.#links[state]) {
      const old = edges.find(state, token);
      if (edges.target(old) !== target) break;
      edges.redirect(old, shorter);
    }
    if (this.#near === target && Math.min(this.#run, this.#shortest) <= length)
      this.#near = shorter;
    if (this.#far === target && Math.min(this.#run, this.#longest) <= length) this.#far = shorter;
    return shorter;
  }

  /** From the state of the last `size` tokens, or of all, to that of the same number one later. */
  #advance(state: number, token: number, size: number): number {
    const next = this.#edges.target(this.#edges.find(state, token));
    const link = this.#links[next];
    return this.#lengths[link] >= size ? link : next;
  }

  #state(length: number, link: number): number {
    const state = this.#states++;
    if (state === this.#lengths.length) {
      this.#lengths = grown(this.#lengths, 2 * state);
      this.#links = grown(this.#links, 2 * state);
    }
    this.#lengths[state] = length;
    this.#links[state] = link;
    return state;
  }
}
