/**
 * The options the reference understands: the effective options of a sampler, or a part of them.
 * An absent one is off. Those not listed (seed, the constraint's methods) do not bear on a row.
 */
export interface ReferenceOptions {
  readonly logitBias?: Readonly<Record<number, number>>;
  readonly repetitionPenalty?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly penaltyWindow?: number;
  readonly dry?: DryOptions;
  readonly noRepeatNgramSize?: number;
  readonly badWords?: readonly (readonly number[])[];
  readonly bannedTokens?: readonly number[];
  readonly allowedTokens?: readonly number[];
  readonly endTokens?: readonly number[];
  readonly minNewTokens?: number;
  /** Only whether there is one; what it allowed is given as a mask. */
  readonly constraint?: unknown;
  readonly temperature?: number;
  readonly dynamicTemperature?: { readonly range: number; readonly exponent?: number };
  readonly topNSigma?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  readonly typicalP?: number;
  readonly epsilonCutoff?: number;
  readonly etaCutoff?: number;
  readonly topA?: number;
  readonly topH?: number;
  readonly xtc?: { readonly probability: number; readonly threshold?: number };
  readonly mirostat?: MirostatOptions;
  readonly minTokensToKeep?: number;
  readonly order?: 'temperature-first' | 'temperature-last' | readonly string[];
}

interface DryOptions {
  readonly multiplier: number;
  readonly base?: number;
  readonly allowedLength?: number;
  readonly sequenceBreakers?: readonly number[];
}

export interface MirostatOptions {
  readonly version: number;
  readonly tau?: number;
  readonly eta?: number;
}

/** Where a row stands, and what the reference cannot find out by itself. */
export interface ReferencePosition {
  /** Token ids so far, prompt included. */
  readonly history?: readonly number[];
  /** Index of the token to draw. Default: the length of the history. */
  readonly step?: number;
  /** Mirostat's running limit in bits. Default: its start, 2 tau. */
  readonly mu?: number;
  /** What XTC's random stream gave at this step, in [0, 1). Default 0: it acts. */
  readonly xtcUniform?: number;
  /** Non-zero for every id the constraint allows. Default: all. */
  readonly mask?: Uint8Array;
}
