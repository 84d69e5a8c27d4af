import type { TradeOff } from '../../evaluation/index.ts';
import type { Exploration } from '../../generation/explorer/explore.ts';
import type { Explanation, View } from '../../generation/explorer/view.ts';

/** As many candidates as the tallest screen lists. */
const TOP = 40;
/** While text is written, looks are at least so far apart: a screen shows no more. */
const PLAYING_MS = 80;
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
  /** The token that is to be explained. */
  explained: number | undefined;
  readonly #exploration: Exploration;
  readonly #place: () => Looked;
  readonly #changed: () => void;
  #isAsking = false;
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

  get #settings(): number {
    return this.#exploration.settings.length - 1;
  }

  refresh(): void {
    this.#isOutdated = true;
    if (this.#isAsking || this.#timer || this.#closed) return;
    void this.#look();
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
      if (!isPlaying) void this.#mark(end);
      const view = await this.#exploration.look(node, TOP);
      if (view.node !== this.view?.node || view.settings !== this.view.settings) this.#follow(view);
      this.view = view;
      if (this.explained !== undefined)
        this.explanation = await this.#exploration.explain(node, this.explained, TOP);
    } catch {
      // There is nothing to see there; if the explorer failed, it says so itself.
    }
    this.#isAsking = false;
    if (this.#closed) return;
    this.#changed();
    if (isPlaying) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        if (this.#isOutdated) this.refresh();
      }, PLAYING_MS);
    } else if (this.#isOutdated) this.refresh();
  }

  #follow(view: View): void {
    if (this.view) this.trail.push(this.view.now);
    if (this.trail.length > TRAIL) this.trail.shift();
    void view;
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
