import { invalidOption } from './option.ts';

interface TokensSpec<Default> {
  /** At least one token must be named. */
  readonly filled?: true;
  readonly default: Default;
  readonly summary: string;
}

/** Checks and copies a list of token ids; whether they lie in the vocabulary the first row tells. */
function parseTokens(list: readonly unknown[], name: string): readonly number[] {
  return Object.freeze(
    Array.from(list, (id) => {
      if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
        throw invalidOption(`a token id in ${name}`, 'an integer ≥ 0', id);
      return id;
    }),
  );
}

/** A row for a list of token ids. */
export function tokensOption<const Default extends readonly number[] | undefined>({
  filled,
  default: fallback,
  summary,
}: TokensSpec<Default>) {
  const interval = filled ? 'a list of at least one token id' : 'a list of token ids';
  return {
    kind: 'tokens',
    summary,
    interval,
    default: fallback && Object.freeze(fallback),
    parse(value: unknown, name: string): readonly number[] {
      if (!Array.isArray(value) || (filled && value.length === 0))
        throw invalidOption(name, interval, value);
      return parseTokens(value, name);
    },
  } as const;
}

/** A row for a list of token sequences. */
export function sequencesOption({ summary }: { readonly summary: string }) {
  const interval = 'a list of lists of at least one token id';
  return {
    kind: 'sequences',
    summary,
    interval,
    default: Object.freeze([]),
    parse(value: unknown, name: string): readonly (readonly number[])[] {
      if (!Array.isArray(value)) throw invalidOption(name, interval, value);
      return Object.freeze(
        Array.from(value, (sequence, i) => {
          if (!Array.isArray(sequence) || sequence.length === 0)
            throw invalidOption(`${name}[${i}]`, 'a list of at least one token id', sequence);
          return parseTokens(sequence, `${name}[${i}]`);
        }),
      );
    },
  } as const;
}
