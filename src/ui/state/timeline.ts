import type { Written } from '../../generation/explorer/view.ts';

interface Place {
  readonly branch: number;
  /** How many of the branch's tokens are before it. */
  readonly length: number;
}

/**
 * The texts that were written after one prompt, and where one is among them. What is before the
 * place is the text; what is behind it on the same branch can be walked again. A new branch opens
 * where a text becomes another one, and never before.
 */
export class Timeline {
  /** Each from its first token on; they share what they begin with. At least one. */
  readonly branches: Written[][] = [[]];
  #place: Place = { branch: 0, length: 0 };
  /** Where the next token goes that is written. */
  #head: Place = { branch: 0, length: 0 };

  get current(): number {
    return this.#place.branch;
  }

  get place(): number {
    return this.#place.length;
  }

  get written(): readonly Written[] {
    return this.branches[this.#place.branch]!;
  }

  /** The number of the node at the place, or at another one of the same branch. */
  node(length = this.place): number {
    return this.written[length - 1]?.node ?? 0;
  }

  /** Goes to a place on the branch, as near as there is one. */
  goTo(length: number): void {
    this.#place = {
      branch: this.current,
      length: Math.max(0, Math.min(length, this.written.length)),
    };
  }

  /** Goes to the same place of the next branch, or the one before; round and round. */
  switchBranch(steps: number): void {
    const count = this.branches.length;
    const branch = (((this.current + steps) % count) + count) % count;
    this.#place = { branch, length: this.place };
    this.goTo(this.place);
  }

  /** From now on what is written goes after the place. */
  writeHere(): void {
    this.#head = this.#place;
  }

  /** A token was written. Whoever stands where it goes walks on with it. */
  write(entry: Written): void {
    const isFollowed =
      this.#head.branch === this.#place.branch && this.#head.length === this.#place.length;
    this.#head = { branch: this.#branchWith(entry), length: this.#head.length + 1 };
    if (isFollowed) this.#place = this.#head;
  }

  #branchWith(entry: Written): number {
    const { branch, length } = this.#head;
    const own = this.branches[branch]!;
    const at = [branch, ...this.branches.keys()].find(
      (other) => this.branches[other]![length]?.node === entry.node,
    );
    if (at !== undefined) {
      // The same text again; maybe under other settings.
      this.branches[at]![length] = entry;
      return at;
    }
    if (own.length === length) {
      own.push(entry);
      return branch;
    }
    return this.branches.push([...own.slice(0, length), entry]) - 1;
  }
}
