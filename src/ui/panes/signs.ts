import type { Glyphs } from '../line.ts';

/** The signs that panes share, each one cell wide but for an ASCII infinity. */
export interface Signs {
  readonly cursor: string;
  /** In front of the token that is drawn, and where two texts part. */
  readonly mark: string;
  readonly ellipsis: string;
  /** Rows left out. */
  readonly gap: string;
  readonly minus: string;
  /** Instead of a number that there is not. */
  readonly none: string;
  readonly infinity: string;
  /** Between statements of one row. */
  readonly dot: string;
  readonly rule: string;
}

const SIGNS: Record<Glyphs, Signs> = {
  unicode: {
    cursor: '▏',
    mark: '▸',
    ellipsis: '…',
    gap: '⋯',
    minus: '−',
    none: '–',
    infinity: '∞',
    dot: '·',
    rule: '│',
  },
  ascii: {
    cursor: '|',
    mark: '>',
    ellipsis: '~',
    gap: ':',
    minus: '-',
    none: '-',
    infinity: 'inf',
    dot: '-',
    rule: '|',
  },
};

/** The signs to draw with. */
export const signs = (glyphs: Glyphs): Signs => SIGNS[glyphs];
