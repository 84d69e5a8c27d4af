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
  /** Behind the token that was written last. */
  #head: Place = { branch: 0, length: 0 };
  #isFollowing = true;

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
    return this.#nodeAt({ branch: this.current, length });
  }

  /** Goes to a place on the branch, as near as there is one. */
  goTo(length: number): void {
    this.#go(this.current, length);
  }

  /** Goes to the same place of the next branch, or the one before; round and round. */
  switchBranch(steps: number): void {
    const count = this.branches.length;
    this.#go((((this.current + steps) % count) + count) % count, this.place);
  }

  /** From now on what is written after the place is walked along, until one goes elsewhere. */
  writeHere(): void {
    this.#isFollowing = true;
  }

  /**
   * A token was written: it goes where it belongs. Some may still come in after one has gone
   * elsewhere, or has begun to write elsewhere.
   */
  write(entry: Written): void {
    const isFollowed = this.#isFollowing && this.node() === entry.parent;
    const { branch, length } = isFollowed ? this.#place : this.#behind(entry.parent);
    this.#head = { branch: this.#branchWith(entry, branch, length), length: length + 1 };
    if (isFollowed) this.#place = this.#head;
  }

  #go(branch: number, length: number): void {
    const most = this.branches[branch]!.length;
    this.#place = { branch, length: Math.max(0, Math.min(length, most)) };
    this.#isFollowing = false;
  }

  #nodeAt({ branch, length }: Place): number {
    return this.branches[branch]![length - 1]?.node ?? 0;
  }

  #behind(node: number): Place {
    if (this.#nodeAt(this.#head) === node) return this.#head;
    if (node === 0) return { branch: this.current, length: 0 };
    for (const branch of [this.current, ...this.branches.keys()]) {
      const at = this.branches[branch]!.findLastIndex((entry) => entry.node === node);
      if (at >= 0) return { branch, length: at + 1 };
    }
    throw new RangeError(`no text holds node ${node}`);
  }

  #branchWith(entry: Written, branch: number, length: number): number {
    const isHere = (other: number) => this.branches[other]![length]?.node === entry.node;
    const sharing = [...this.branches.keys()].filter(isHere);
    // The same text again; maybe under other settings.
    for (const other of sharing) this.branches[other]![length] = entry;
    if (sharing.length > 0) return isHere(branch) ? branch : sharing[0]!;
    const own = this.branches[branch]!;
    if (own.length > length) return this.branches.push([...own.slice(0, length), entry]) - 1;
    own.push(entry);
    return branch;
  }
}
