/** What a stretch of text is, not what it looks like: a theme gives it its colour. */
export type Style =
  | 'plain'
  | 'dim'
  | 'bold'
  /** Rules between panes, axes. */
  | 'rule'
  /** Names of panes. */
  | 'title'
  /** A key one may press. */
  | 'key'
  /** What is selected or has the cursor. */
  | 'selected'
  | 'error'
  /** How surprising a token was to the model: below 1, 3, 6 and 10 bits, and more. */
  | 'surprisal0'
  | 'surprisal1'
  | 'surprisal2'
  | 'surprisal3'
  | 'surprisal4'
  /** A token that the present settings would never choose. */
  | 'impossible'
  /** Bars: the model's own probability and the one drawn from. */
  | 'raw'
  | 'shaped'
  /** What a filter cut. */
  | 'cut'
  /** The token that was drawn. */
  | 'drawn'
  /** The plot: the curve of all temperatures, the point now, its trail, the prompt's own point. */
  | 'curve'
  | 'now'
  | 'trail'
  | 'reference'
  /** A measured run of a sweep. */
  | 'run'
  /** Two settings side by side. */
  | 'left'
  | 'right';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One row of the screen, from left to right. */
export type Line = readonly Span[];

/** Cells of a terminal. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws something as rows: exactly `height` of them, each exactly `width` cells wide. Pure; texts in
 * it have been made harmless before.
 */
export type Draw<Subject> = (subject: Subject, size: Size, glyphs: Glyphs) => Line[];

/** The signs to draw with. */
export type Glyphs = 'unicode' | 'ascii';
