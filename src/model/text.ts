import type { Cache } from './cache.ts';
import { Lanes } from './lanes.ts';

/** Texts that go through a graph in one run, in the lanes of one cache. */
export interface Group {
  readonly cache: Cache;
  readonly texts: Text[];
}

/** The tokens of one text, and where what the graph remembers of them is. */
export class Text {
  readonly tokens: number[] = [];
  group: Group;

  constructor(cache: Cache) {
    this.group = { cache, texts: [this] };
  }

  get lane(): number {
    return this.group.texts.indexOf(this);
  }

  /** Leaves the others of its group. */
  part(): void {
    const { group, lane } = this;
    if (group.texts.length === 1) return;
    this.group = { cache: group.cache.copy(lane), texts: [this] };
    leave(group, lane);
  }

  /** Joins another group. */
  join(group: Group): void {
    const { group: from, lane } = this;
    (group.cache as Lanes).add(from.cache as Lanes, lane);
    group.texts.push(this);
    this.group = group;
    leave(from, lane);
  }

  /** Makes room for others. */
  drop(): void {
    if (this.group.texts.length > 1) leave(this.group, this.lane);
  }

  truncate(length: number): void {
    this.tokens.length = length;
    this.group.cache.truncate(this.lane, length);
  }

  copy(): Text {
    const copy = new Text(this.group.cache.copy(this.lane));
    for (const token of this.tokens) copy.tokens.push(token);
    return copy;
  }
}

function leave({ cache, texts }: Group, lane: number): void {
  if (cache instanceof Lanes) cache.remove(lane);
  // As in the cache, the last one takes its place.
  texts[lane] = texts.at(-1)!;
  texts.pop();
}

/** Brings texts together in one group that has no others. */
export function gather(texts: readonly Text[]): Group {
  const [largest] = texts.toSorted((a, b) => b.group.texts.length - a.group.texts.length);
  const strangers = largest!.group.texts.filter((text) => !texts.includes(text));
  // Whoever goes is copied: the fewer.
  if (2 * strangers.length > largest!.group.texts.length) largest!.part();
  else for (const text of strangers) text.part();
  const { group } = largest!;
  for (const text of texts) if (text.group !== group) text.join(group);
  return group;
}
