import { invalidOption, type OptionRow } from '../option.ts';
import { isRecord, namesOf } from '../option-names.ts';
import type { Edit } from '../stage.ts';
import { clampFinite } from './clamp.ts';
import { vocabularyCheck } from './vocabulary-check.ts';

/** Bias by token id. */
export type Biases = Readonly<Record<number, number>>;

/** The option of the logit-bias stage. */
export interface LogitBiasOptions {
  /**
   * Added to the logits of the given token ids, in nats; −Infinity bans a token. A record or Map
   * from id to a finite number or −Infinity, default empty. Ids must lie in the vocabulary,
   * which is checked when there are logits.
   *
   * Not clamped (vLLM clamps to ±100). A bias after which no token is left is refused when there
   * are logits.
   */
  logitBias: Biases;
}

const INTERVAL = 'a record or Map of token ids to finite numbers or -Infinity';

/** The entries of a Map, of whatever realm; undefined for anything else. */
function mapEntries(value: unknown): [unknown, unknown][] | undefined {
  try {
    return [...Map.prototype.entries.call(value)];
  } catch {
    return undefined;
  }
}

const entriesOf = (value: unknown): [unknown, unknown][] | undefined => {
  if (!isRecord(value)) return mapEntries(value);
  const record = value as Readonly<Record<string, unknown>>;
  // A record's keys are strings: only the canonical spelling of an id is read as one.
  return namesOf(record).map((key) => [
    String(Number(key)) === key ? Number(key) : key,
    record[key],
  ]);
};

function parseBiases(value: unknown, name: string): Biases {
  const entries = entriesOf(value);
  if (entries === undefined) throw invalidOption(name, INTERVAL, value);
  const biases: Record<number, number> = {};
  for (const [id, bias] of entries) {
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
      throw invalidOption(`a token id in ${name}`, 'an integer ≥ 0', id);
    if (typeof bias !== 'number' || Number.isNaN(bias) || bias === Infinity)
      throw invalidOption(`${name}[${id}]`, 'a finite number or -Infinity', bias);
    biases[id] = bias;
  }
  return Object.freeze(biases);
}

/** Adds a constant to the logits of chosen tokens. */
export const logitBias: Edit<LogitBiasOptions> = {
  name: 'logitBias',
  kind: 'edit',
  options: {
    logitBias: {
      kind: 'biases',
      summary: 'add to the logits of token ids (-Infinity bans a token)',
      interval: INTERVAL,
      default: Object.freeze({}),
      parse: parseBiases,
    },
  } satisfies Record<keyof LogitBiasOptions, OptionRow>,
  active: ({ logitBias }) => Object.keys(logitBias).length > 0,
  start({ logitBias }) {
    const tokens = Object.keys(logitBias).map(Number);
    const biases = Float64Array.from(Object.values(logitBias));
    const check = vocabularyCheck('logitBias', tokens);
    return {
      edit(scores) {
        check(scores.length);
        for (let i = 0; i < biases.length; i++) {
          const x = scores[tokens[i]];
          const bias = biases[i];
          scores[tokens[i]] = bias === -Infinity ? bias : clampFinite(x, x + bias);
        }
      },
    };
  },
};
