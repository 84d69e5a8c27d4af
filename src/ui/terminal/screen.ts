import type { Line, Size } from '../line.ts';
import { compose, difference, type Placed, type Rect } from './compose.ts';
import { Frames } from './frames.ts';
import { Pace } from './pace.ts';
import { paint, type Theme } from './theme.ts';

/** A part of the screen that is drawn without Ink. */
export interface Pane {
  /** Where Ink's layout has put it. */
  measure(): Rect;
  draw(size: Size): readonly Line[];
}

/**
 * The only one who writes to the terminal. It puts Ink's frame and the panes together and writes
 * the rows that differ from those shown: Ink's own painting takes tens of milliseconds a frame.
 */
export class Screen {
  /** For Ink to write to. */
  readonly frames: Frames;
  readonly #stdout: NodeJS.WriteStream;
  readonly #theme: Theme;
  readonly #pace: Pace;
  readonly #panes = new Set<Pane>();
  readonly #listeners = new Set<() => void>();
  #size: Size;
  #frame: readonly string[] = [];
  #shown: readonly string[] = [];
  #rects: Map<Pane, Rect> | undefined;
  #running = false;
  #draining = false;

  /** @param framesPerSecond how often it changes at most, but for the moment after a key */
  constructor(stdout: NodeJS.WriteStream, theme: Theme, framesPerSecond = 12) {
    this.#stdout = stdout;
    this.#theme = theme;
    this.#size = sizeOf(stdout);
    this.#pace = new Pace(() => this.#paint(), framesPerSecond);
    this.frames = new Frames(
      () => this.#size.width,
      (rows) => {
        this.#frame = rows;
        this.#rects = undefined;
        this.invalidate();
      },
    );
  }

  /** The terminal's size; the same object until it changes. */
  get size(): Size {
    return this.#size;
  }

  /** Calls back when the size has changed, until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Adds a pane, until the returned function is called. */
  add(pane: Pane): () => void {
    this.#panes.add(pane);
    this.#rects = undefined;
    this.invalidate();
    return () => {
      this.#panes.delete(pane);
      this.#rects = undefined;
      this.invalidate();
    };
  }

  /** Says that something would be drawn differently now. */
  readonly invalidate = (): void => {
    if (this.#running) this.#pace.request();
  };

  /** Says that a key was pressed: what changes in the next moment is shown at once. */
  hurry(): void {
    if (this.#running) this.#pace.hurry();
  }

  /** Paints all rows anew, should somebody else have written on them. */
  repaint(): void {
    this.#shown = [];
    this.hurry();
  }

  /** A line with the theme's colours, for Ink's part of the screen. */
  paint(line: Line): string {
    return paint(line, this.#theme);
  }

  /** Starts to paint, on a terminal that may show anything. */
  start(): void {
    if (!this.#running) this.#stdout.on('resize', this.#resized);
    this.#running = true;
    this.#resized();
  }

  /** Stops to paint; the terminal is someone else's. */
  stop(): void {
    this.#running = false;
    this.#pace.cancel();
    this.#stdout.off('resize', this.#resized);
  }

  readonly #resized = (): void => {
    const size = sizeOf(this.#stdout);
    if (size.width !== this.#size.width || size.height !== this.#size.height) {
      this.#size = size;
      for (const listener of this.#listeners) listener();
    }
    // Where the old rows have gone is the terminal's own affair.
    this.repaint();
  };

  #paint(): void {
    if (this.#stdout.writableNeedDrain) {
      this.#paintOnceDrained();
      return;
    }
    this.#rects ??= new Map([...this.#panes].map((pane) => [pane, pane.measure()]));
    const placed: Placed[] = [];
    for (const [pane, rect] of this.#rects) {
      if (rect.width <= 0 || rect.height <= 0) continue;
      placed.push({ rect, rows: pane.draw(rect).map((line) => this.paint(line)) });
    }
    const rows = compose(this.#frame, placed, this.#size.height);
    const changes = difference(this.#shown, rows);
    this.#shown = rows;
    if (changes) this.#stdout.write(changes);
  }

  /** A slow terminal misses frames; they do not pile up before it. */
  #paintOnceDrained(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#stdout.once('drain', () => {
      this.#draining = false;
      this.invalidate();
    });
  }
}

// A terminal that does not know its size says 0.
function sizeOf({ columns, rows }: NodeJS.WriteStream): Size {
  return { width: columns || 80, height: rows || 24 };
}
