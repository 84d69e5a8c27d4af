import type { Size } from './line.ts';

/** How much of the instrument there is room for. */
type Extent = 'wide' | 'standard' | 'small' | 'text' | 'bare';

/** Where the panes go. Rows and columns of panes that are not shown are 0. */
export interface Layout {
  readonly extent: Extent;
  /** Rows of the text and the candidates, and columns of the latter. */
  readonly top: number;
  readonly candidates: number;
  /** Rows of knobs and plane, and columns of the former. */
  readonly middle: number;
  readonly knobs: number;
  /** Columns of the numbers beside the plane, where they have a pane of their own. */
  readonly numbers: number;
  /** Rows of surprisal and entropy. */
  readonly strip: number;
}

const NOTHING = { candidates: 0, middle: 0, knobs: 0, numbers: 0, strip: 0 };

/** Text wins over plots: as the terminal gets smaller, they go one by one. */
export function layout({ width, height }: Size): Layout {
  if (width >= 120 && height >= 32) {
    // Status, three rules and the keys.
    const middle = Math.min(15, Math.floor((height - 7) * 0.45));
    const candidates = Math.min(72, Math.floor(width * 0.46));
    return {
      extent: 'wide',
      top: height - middle - 2 - 5,
      candidates,
      middle,
      // With the names of the presets where the plane has enough beside them.
      knobs: width >= 132 ? 54 : 48,
      numbers: 40,
      strip: 2,
    };
  }
  if (width >= 80 && height >= 24) {
    // Two rows of it are numbers.
    const middle = Math.max(7, Math.min(13, Math.floor((height - 7) * 0.4)));
    return {
      ...{ extent: 'standard', top: height - middle - 6, candidates: Math.floor(width * 0.42) },
      ...{ middle, knobs: Math.floor(width * 0.58), numbers: 0, strip: 1 },
    };
  }
  if (width >= 60 && height >= 16)
    // Status, two rules, five candidates, knobs in one row, numbers in two and the keys.
    return { ...NOTHING, extent: 'small', top: height - 12, middle: 5 };
  if (width >= 40 && height >= 8) return { ...NOTHING, extent: 'text', top: height - 2 };
  return { ...NOTHING, extent: 'bare', top: Math.max(1, height - 1) };
}
