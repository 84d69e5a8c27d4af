import { invalidOption, type OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';

/**
 * Something that knows which tokens may come next, such as a grammar or a JSON schema. A sampler
 * calls it; it need not check anything.
 */
export interface Constraint {
  /**
   * Sets to 1 the entry of every token that is allowed next.
   *
   * @param mask V entries, all 0; it belongs to the sampler and is used again
   */
  fillMask(mask: Uint8Array): void;
  /** Takes a token that was drawn or forced; tokens of the prompt are not told. */
  accept(token: number): void;
  /** Goes back to where no token has been accepted. */
  reset(): void;
}

/** The option of the constraint stage. */
export interface ConstraintOptions {
  /**
   * An object that masks tokens: a logit whose mask is 0 becomes −Infinity. It must have
   * `fillMask(mask)`, `accept(token)` and `reset()`; see {@link Constraint}. Absent (the default)
   * nothing is masked.
   *
   * The object itself is kept, not a copy, and is reset by the sampler: give each sampler its own.
   * What xgrammar and llguidance compute fits here; web-llm and llama.cpp mask in the same way, by
   * grammars of their own.
   */
  constraint: Constraint | undefined;
}

const INTERVAL = 'an object with the methods fillMask, accept and reset';

function parseConstraint(value: unknown, name: string): Constraint {
  const given = value as Readonly<Record<string, unknown>> | null | undefined;
  const complete = ['fillMask', 'accept', 'reset'].every(
    (method) => typeof given?.[method] === 'function',
  );
  if (!complete) throw invalidOption(name, INTERVAL, value);
  return value as Constraint;
}

/** Leaves the tokens that an object of the caller's allows. */
export const constraint: Edit<ConstraintOptions> = {
  name: 'constraint',
  kind: 'edit',
  options: {
    constraint: {
      kind: 'constraint',
      summary: 'an object that says which tokens may come next',
      interval: INTERVAL,
      default: undefined,
      parse: parseConstraint,
    },
  } satisfies Record<keyof ConstraintOptions, OptionRow>,
  active: ({ constraint }) => constraint !== undefined,
  start({ constraint }) {
    const rules = constraint!;
    rules.reset();
    let mask = new Uint8Array(0);
    return {
      edit(scores) {
        if (mask.length === scores.length) mask.fill(0);
        else mask = new Uint8Array(scores.length);
        rules.fillMask(mask);
        for (let token = 0; token < scores.length; token++)
          if (!mask[token]) scores[token] = -Infinity;
      },
      accept(token, generated) {
        if (generated) rules.accept(token);
      },
    };
  },
};
