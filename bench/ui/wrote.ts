interface Time {
  readonly wall: number;
  readonly cpu: number;
}

/** A text that was written, and what it took of the whole process, in milliseconds. */
export interface Wrote {
  readonly text: string;
  readonly tokens: number;
  /** From the prompt to the end. */
  readonly all: Time;
  /** From the moment the first tokens were there, and the tokens after those. */
  readonly later: Time & { readonly tokens: number };
}
