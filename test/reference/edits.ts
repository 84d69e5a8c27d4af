import { dry } from './dry.ts';
import type { ReferenceOptions, ReferencePosition } from './options.ts';

/** Gives the edited logit of a token from the one before, or undefined to ban it. */
type Edit = (score: number, id: number) => number | undefined;
type EditStage = (options: ReferenceOptions, at: ReferencePosition) => Edit | undefined;

const banAll = (banned: ReadonlySet<number>): Edit => {
  return (score, id) => (banned.has(id) ? undefined : score);
};

/** x + b; −Infinity bans. */
const logitBias: EditStage = ({ logitBias = {} }) => {
  const biases = new Map(Object.entries(logitBias).map(([id, bias]) => [Number(id), bias]));
  if (biases.size === 0) return undefined;
  return (score, id) => (biases.get(id) === -Infinity ? undefined : score + (biases.get(id) ?? 0));
};

/**
 * x < 0 ? x·r : x / r once per distinct token (Keskar et al. 2019, arXiv:1909.05858, and every
 * peer's reading of it), then − count · f − a (OpenAI's API reference).
 */
const penalties: EditStage = (options, { history = [] }) => {
  const { repetitionPenalty: r = 1, presencePenalty: a = 0, frequencyPenalty: f = 0 } = options;
  const { penaltyWindow = -1 } = options;
  const from = penaltyWindow === -1 ? 0 : Math.max(0, history.length - penaltyWindow);
  const counts = new Map<number, number>();
  for (const id of history.slice(from)) counts.set(id, (counts.get(id) ?? 0) + 1);
  if (r === 1 && a === 0 && f === 0) return undefined;
  return (score, id) => {
    const count = counts.get(id);
    if (count === undefined) return score;
    return (score < 0 ? score * r : score / r) - count * f - a;
  };
};

/**
 * Bans a token that would complete an n-gram the text already has (Paulus et al. 2017,
 * arXiv:1705.04304).
 */
const noRepeatNgram: EditStage = ({ noRepeatNgramSize: n = 0 }, { history = [] }) => {
  if (n === 0) return undefined;
  const prefix = history.slice(history.length - (n - 1));
  const banned = new Set<number>();
  for (let start = 0; start + n <= history.length; start++)
    if (n === 1 || prefix.every((id, i) => history[start + i] === id))
      banned.add(history[start + n - 1]);
  return banAll(banned);
};

/** Bans the last id of a sequence whose other ids the text ends in. */
const badWords: EditStage = ({ badWords = [], endTokens = [] }, { history = [] }) => {
  const banned = new Set<number>();
  for (const word of badWords) {
    const prefix = word.slice(0, -1);
    const last = word[word.length - 1];
    const tail = history.length - prefix.length;
    const isEnd = word.length === 1 && endTokens.includes(last);
    if (!isEnd && tail >= 0 && prefix.every((id, i) => history[tail + i] === id)) banned.add(last);
  }
  if (badWords.length > 0) return banAll(banned);
};

const bannedTokens: EditStage = ({ bannedTokens = [] }) => {
  if (bannedTokens.length > 0) return banAll(new Set(bannedTokens));
};

const allowedTokens: EditStage = ({ allowedTokens }) => {
  if (allowedTokens === undefined) return undefined;
  const allowed = new Set(allowedTokens);
  return (score, id) => (allowed.has(id) ? score : undefined);
};

/** End tokens are banned until enough tokens were written. */
const minNewTokens: EditStage = ({ minNewTokens = 0, endTokens = [] }, { history = [], step }) => {
  if ((step ?? history.length) < minNewTokens) return banAll(new Set(endTokens));
};

const constraint: EditStage = ({ constraint }, { mask }) => {
  if (constraint !== undefined && mask !== undefined)
    return (score, id) => (mask[id] === 0 ? undefined : score);
};

/** The stages that change logits, by name. */
export const edits: Readonly<Record<string, EditStage>> = {
  logitBias,
  penalties,
  dry,
  noRepeatNgram,
  badWords,
  bannedTokens,
  allowedTokens,
  minNewTokens,
  constraint,
};
