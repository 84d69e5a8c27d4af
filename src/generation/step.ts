import type { SampledBy } from '../model/load-options.ts';

/** One possible next token. */
export interface StepCandidate {
  readonly token: number;
  readonly text: string;
  /** Probability under the model alone. */
  readonly raw: number;
  /** Probability it was drawn with; 0 where it was cut. */
  readonly shaped: number;
  /** The stage that cut it. */
  readonly cutBy?: string;
}

/** One of the tokens that were likeliest under the model alone. */
export interface RawCandidate {
  readonly token: number;
  readonly text: string;
  /** ln of its probability under the model alone. */
  readonly logprob: number;
}

/** One generated token with its distribution. */
export interface Step {
  /** 0 for the first generated token. */
  readonly index: number;
  readonly token: number;
  /**
   * The text that became final with this token; '' while a character is incomplete or the text may
   * be the beginning of a stop string. The texts of all steps joined are the generated text.
   */
  readonly text: string;
  /** ln of the token's probability under the model alone. */
  readonly logprob: number;
  /** ln of the probability it was drawn with; NaN where an engine drew, which does not tell. */
  readonly shapedLogprob: number;
  /** Entropy of the distribution it was drawn from, in nats; NaN as before. */
  readonly entropy: number;
  /** exp(entropy): how many equally likely tokens would be as uncertain. */
  readonly choices: number;
  /** Place among all tokens by the model's own probability, 1 for the likeliest. */
  readonly rank: number;
  /** The likeliest tokens, where `top` asked for them. */
  readonly top?: readonly StepCandidate[];
  /** The likeliest tokens under the model alone, likeliest first, where `rawTop` asked for them. */
  readonly rawTop?: readonly RawCandidate[];
  /** The token by itself, special tokens by name; where `rawTop` asked for candidates. */
  readonly label?: string;
  /**
   * Whether the distribution is the same whatever the tokens are that an engine did not tell of;
   * absent where all are known, and where the engine drew.
   */
  readonly exact?: boolean;
  /** Probability of those under the model alone, in [0, 1]. */
  readonly tail?: number;
}

/**
 * Why a text ended: `end` an end token, `stop` a stop string, `length` the token limit, `context`
 * the model's context is full, `abort` the caller's signal.
 */
export type FinishReason = 'end' | 'stop' | 'length' | 'context' | 'abort';

/** The whole of a generation, once it has ended. */
export interface Summary {
  /** The texts of all steps joined. What an abort finds held back is in neither. */
  readonly text: string;
  readonly finishReason: FinishReason;
  /** The stop string that ended it. */
  readonly stop?: string;
  /** NaN where an engine does not tell. */
  readonly promptTokens: number;
  /** How many of them the model still knew from a text before, and did not read again. */
  readonly reusedTokens: number;
  readonly tokens: number;
  /** The seed that repeats it. */
  readonly seed: number;
  readonly settings: Settings;
  /** Who drew, where an engine runs the model. */
  readonly sampledBy?: SampledBy;
  /** Where kelvin drew from what an engine told: how many steps were exact. */
  readonly exactSteps?: number;
  readonly timings: {
    /** Prompt to first logits, in milliseconds. */
    readonly prefillMs: number;
    /** First logits to the end. */
    readonly decodeMs: number;
  };
}

/**
 * Every effective setting with its origin: the caller, the model's own file, or kelvin. The value of
 * one that is off and has no number for it is null.
 */
export type Settings = Readonly<Record<string, { value: unknown; origin: Origin }>>;
export type Origin = 'option' | 'model' | 'built-in';
