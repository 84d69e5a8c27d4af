import * as fc from 'fast-check';
import type { SeenCandidate, View, Written } from '../../../src/generation/explorer/view.ts';
import type { Line, Size } from '../../../src/ui/line.ts';
import { textWidth } from '../../../src/ui/terminal/width.ts';

/** What one reads, without styles. */
export const plain = (lines: readonly Line[]): string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));

/** The text of all spans of a style. */
export const styled = (lines: readonly Line[], style: string): string[] =>
  lines.flatMap((line) => line.filter((span) => span.style === style).map(({ text }) => text));

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for.
const DRIVING = /[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;

/** What is wrong with rows, or undefined: their number, a width, a character that acts. */
export function fault(lines: readonly Line[], { width, height }: Size): string | undefined {
  if (lines.length !== height) return `${lines.length} rows of ${height}`;
  for (const [i, line] of plain(lines).entries()) {
    const apart = lines[i].reduce((sum, { text }) => sum + textWidth(text), 0);
    if (textWidth(line) !== width || apart !== width)
      return `row ${i}: ${JSON.stringify(line)} takes ${textWidth(line)}, ${apart} apart`;
    if (DRIVING.test(line)) return `row ${i}: ${JSON.stringify(line)} holds a control character`;
  }
  return undefined;
}

export const written = (text: string, more: Partial<Written> = {}): Written => ({
  node: 1,
  parent: 0,
  token: 0,
  text,
  logprob: -1,
  shapedLogprob: -1,
  entropy: 1,
  rawEntropy: 1,
  rank: 1,
  settings: 0,
  isChosen: false,
  ...more,
});

/** The words of a text as tokens, each with the space before it. */
export const tokens = (text: string): Written[] =>
  (text.match(/\n| ?[^ \n]+| /gu) ?? []).map((token) => written(token));

const story = [
  ['lit', 0.245, 0.362],
  ['looked', 0.156, 0.206],
  ['opened', 0.11, 0.133],
  ['found', 0.086, 0.098],
  ['stood', 0.06, 0.063],
  ['turned', 0.049, 0.049],
  ['waited', 0.037, 0.034],
  ['began', 0.026, 0.022],
  ['sat', 0.022, 0.018],
  ['watched', 0.019, 0.015],
  ['set', 0.013, 0],
  ['pulled', 0.011, 0],
  ['listened', 0.0095, 0],
  ['drew', 0.0074, 0],
] as const;

export const candidates = story.map(
  ([text, raw, shaped], token): SeenCandidate => ({
    token,
    text: ` ${text}`,
    raw,
    shaped,
    ...(shaped === 0 ? { cutBy: 'topP' } : {}),
  }),
);

/** Ten of 50,257 tokens kept, by top-k 40 and top-p. */
export const view: View = {
  node: 0,
  settings: 0,
  candidates,
  edges: [
    { ...candidates[9], rank: 10 },
    { ...candidates[10], rank: 11 },
    { token: 41, text: ' hummed', raw: 0.0003, shaped: 0, cutBy: 'topK', rank: 41 },
  ],
  cuts: [
    { name: 'topK', tokens: 50_217, mass: 0.117 },
    { name: 'topP', tokens: 30, mass: 0.073 },
  ],
  kept: 10,
  keptMass: 0.81,
  entropy: 1.84,
  rawEntropy: 3.5,
  unseen: 0,
  drawn: 3,
  curve: [],
  now: { diversity: 1.84, coherence: -2.07 },
  gap: 0.02,
  took: 1,
  temperature: 0.8,
};

/** Any text a model could write, and the worst of it more often. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' word',
    '\n',
    '\t',
    '   ',
    '\u001B[2J',
    '\u202Ecba',
    '\u0301',
    '\u200D',
    '日本語',
    '👩‍👩‍👧',
    '👍🏽',
    '🇩🇪',
    '🇩',
    '❤\uFE0F',
    '\uFE0F',
    'e\u0301',
    'ﾊﾞ',
    '각',
    'नि',
    'incomprehensibilities'.repeat(4),
    '\uD83D',
    'a\u0300'.padEnd(60, '\u0300'),
  ),
);

export const anySize: fc.Arbitrary<Size> = fc.record({
  width: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 150 })),
  height: fc.integer({ min: 1, max: 42 }),
});

export const anyGlyphs = fc.constantFrom('unicode' as const, 'ascii' as const);
