import { randomModel, storyModel } from '../model/models.ts';

/** The size of a terminal. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
}

export const standard: Cells = { columns: 80, rows: 24 };
export const wide: Cells = { columns: 140, rows: 40 };
export const nameOf = ({ columns, rows }: Cells) => `${columns}x${rows}`;

/** What a model writes with in these measurements; an end token would end a text too early. */
export const options = { temperature: 0.8, topK: 40, topP: 0.95, logitBias: { 0: -Infinity } };
export const PROMPT = 'Once upon a time there was a little robot';

/** A prompt of very roughly so many tokens. */
export const longPrompt = (tokens: number): string =>
  `${PROMPT}. `.repeat(Math.ceil(tokens / 10)).trim();

export interface Subject {
  readonly name: string;
  readonly folder: string;
  /** How long a text is to be, and how many are written in a row. */
  readonly tokens: number;
  readonly texts: number;
}

export const story: Subject = { ...storyModel, tokens: 300, texts: 6 };

/** Random weights in GPT-2's shape, with its 50,257 tokens: of about 50 tokens a second, and whole. */
export const fifty = (quick: boolean): Subject => ({
  ...randomModel(quick ? 'quick' : 'fifty', 'fp32'),
  tokens: 250,
  texts: 1,
});
export const whole = (quick: boolean): Subject => ({
  ...randomModel(quick ? 'quick' : 'gpt2s', 'fp32'),
  tokens: 250,
  texts: 1,
});
