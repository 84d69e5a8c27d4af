/** A text in a drawing: the left end of its line, its width. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Cells of a common sans-serif face at this size, near enough. */
const CHARACTER = 6.6;
const HEIGHT = 13;
const GAP = 8;

/** Finds places for labels beside points, so that none covers another or a point. */
export class Labels {
  readonly #taken: Box[] = [];
  readonly #edges: { readonly left: number; readonly right: number };

  constructor(edges: { readonly left: number; readonly right: number }) {
    this.#edges = edges;
  }

  /** Keeps labels off a point. */
  point(x: number, y: number): void {
    this.#taken.push({ x: x - 4, y: y + 5, width: 8 });
  }

  /** Where a label of a point goes: right, left, above or below; undefined where nowhere. */
  place(
    x: number,
    y: number,
    text: string,
  ): { readonly x: number; readonly y: number } | undefined {
    const width = CHARACTER * text.length;
    const places = [
      { x: x + GAP, y: y + 4 },
      { x: x - GAP - width, y: y + 4 },
      { x: x - width / 2, y: y - GAP },
      { x: x - width / 2, y: y + GAP + HEIGHT - 3 },
    ];
    const free = places.find((place) => this.#isFree({ ...place, width }));
    if (free) this.#taken.push({ ...free, width });
    return free;
  }

  #isFree({ x, y, width }: Box): boolean {
    if (x < this.#edges.left || x + width > this.#edges.right) return false;
    return this.#taken.every(
      (other) =>
        x + width < other.x || other.x + other.width < x || Math.abs(y - other.y) >= HEIGHT,
    );
  }
}
