import type { PlainError } from '../plain-error.ts';

/** What the grammar thread is started with. */
export interface GrammarInput {
  /** The model's folder, whose tokenizer tells the bytes of its tokens. */
  readonly folder: string;
  readonly vocabularySize: number;
  readonly endTokens: readonly number[];
}

/** Each is answered with what may come next, but `close`. */
export type Ask =
  /** A text begins, or begins anew with these tokens. */
  | {
      readonly type: 'open';
      readonly id: number;
      readonly grammar: string;
      readonly tokens: readonly number[];
    }
  | { readonly type: 'accept'; readonly id: number; readonly token: number }
  | { readonly type: 'close'; readonly id: number };

/** What may come next. */
export interface Next {
  /** A bit for each token, in 32-bit words. */
  readonly mask: Int32Array;
  /** Nothing: the text has ended. */
  readonly isOver: boolean;
}

export type Told =
  | { readonly id: number; readonly next: Next; readonly error?: undefined }
  | { readonly id: number; readonly error: PlainError };
