import type { TradeOff } from '../../evaluation/index.ts';
import type { Exploration } from '../../generation/explorer/explore.ts';
import type { Explanation, View } from '../../generation/explorer/view.ts';

/** As many candidates as the tallest screen lists. */
const TOP = 40;
/**
 * While text is written, looks are at least so far apart, as nobody reads more of them, and leave
 * all but one part in so many of its time to the model, which each of them holds up.
 */
const PLAYING_MS = 150;
const PLAYING_PARTS = 100;
/** No large vocabulary makes them rarer than this. */
const PLAYING_MOST_MS = 500;
const TRAIL = 16;

interface Looked {
  readonly node: number;
  /** The last node of the branch. */
  readonly end: number;
  readonly isPlaying: boolean;
}

/** Keeps a view of what is looked at. It asks for one at a time, so it never is behind by more. */
export class Viewer {
  view: View | undefined;
  /** For each token of the branch whether the present settings could have drawn it. */
  marks: Uint8Array | undefined;
  explanation: Explanation | undefined;
  /** Where the distributions before stood, the latest last. */
  readonly trail: TradeOff[] = [];
  readonly #exploration: Exploration;
  readonly #place: () => Looked;
  readonly #changed: () => void;
  #isExplaining = false;
  #explained: number | undefined;
  #isAsking = false;
  #isHurried = false;
  #isOutdated = false;
  #markings = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(exploration: Exploration, place: () => Looked, changed: () => void) {
    this.#exploration = exploration;
    this.#place = place;
    this.#changed = changed;
  }

  /** Whether the view is of something else than what is looked at now. */
  get isStale(): boolean {
    return this.view?.node !== this.#place().node || this.view.settings !== this.#settings;
  }

  /** How many tokens of the branch the present settings could not have drawn. */
  get struck(): number {
    return this.marks?.filter((mark) => mark === 0).length ?? 0;
  }

  get #settings(): number {
    return this.#exploration.settings.length - 1;
  }

  refresh(): void {
    this.#isOutdated = true;
    if (this.#isAsking || this.#timer || this.#closed) return;
    void this.#look();
  }

  /** Somebody waits for the next view: it is not put off. */
  hurry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What is asked for now was asked before it.
    this.#isHurried = this.#isAsking;
  }

  /** Explains a token, the one that is drawn if undefined; until `explainNothing`. */
  explain(token: number | undefined): void {
    this.#isExplaining = true;
    this.#explained = token;
    this.refresh();
  }

  explainNothing(): void {
    this.#isExplaining = false;
    this.explanation = undefined;
  }

  forgetMarks(): void {
    this.#markings += 1;
    this.marks = undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    this.#isAsking = true;
    this.#isOutdated = false;
    const { node, end, isPlaying } = this.#place();
    try {
      const looked = this.#exploration.look(node, TOP);
      // Behind it: to mark a long text takes a while.
      if (!isPlaying) void this.#mark(end);
      const view = await looked;
      if (this.view && this.isStale) this.#follow(this.view);
      this.view = view;
      if (this.#isExplaining)
        this.explanation = await this.#exploration.explain(
          node,
          this.#explained ?? view.drawn,
          TOP,
        );
    } catch {
      // There is nothing to see there; if the explorer failed, it says so itself.
    }
    this.#isAsking = false;
    if (this.#closed) return;
    this.#changed();
    if (isPlaying && !this.#isHurried) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        if (this.#isOutdated) this.refresh();
      }, this.#rest);
      return;
    }
    this.#isHurried = false;
    if (this.#isOutdated) this.refresh();
  }

  /** Milliseconds from one look to the next while text is written. */
  get #rest(): number {
    const share = PLAYING_PARTS * (this.view?.took ?? 0);
    return Math.min(Math.max(PLAYING_MS, share), PLAYING_MOST_MS);
  }

  #follow({ now }: View): void {
    this.trail.push(now);
    if (this.trail.length > TRAIL) this.trail.shift();
  }

  async #mark(end: number): Promise<void> {
    this.#markings += 1;
    const marking = this.#markings;
    const marks = await this.#exploration.marks(end).catch(() => undefined);
    if (marking !== this.#markings || this.#closed) return;
    this.marks = marks;
    this.#changed();
  }
}
