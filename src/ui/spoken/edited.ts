import type { Edited } from '../state/editor.ts';
import { harmless } from '../terminal/harmless.ts';
import { heard } from './words.ts';

/** A line of text, as it is opened. */
export const editingSentences = (title: string, { text }: Edited): string[] => [
  `Edit the ${title}. Enter takes it, escape leaves it as it was.`,
  text === '' ? 'It is empty.' : harmless(text),
];

/**
 * What a key made of a line of text: a word when it is whole, what was deleted, what the cursor is
 * before. Letters in the middle of a word go without saying.
 */
export function editedSentences(before: Edited, after: Edited): string[] {
  const grown = after.text.length - before.text.length;
  if (grown > 1) return [`Inserted: ${harmless(after.text.slice(before.cursor, after.cursor))}`];
  if (grown === 1) {
    const [, word] = /(\S+)\s$/.exec(after.text.slice(0, after.cursor)) ?? [];
    return word === undefined ? [] : [harmless(word)];
  }
  if (grown < 0) {
    const isBefore = after.cursor < before.cursor;
    const from = isBefore ? after.cursor : before.cursor;
    const deleted = before.text.slice(from, from - grown);
    return [`Deleted ${named(deleted)}.`];
  }
  if (after.cursor === before.cursor) return [];
  const next = [...graphemes.segment(after.text.slice(after.cursor))][0]?.segment;
  return [next === undefined ? 'At the end.' : `Before ${named(next)}.`];
}

const graphemes = new Intl.Segmenter();

const named = (text: string) =>
  text.trim() === '' || text.length === 1 ? heard(text, 0) : harmless(text);
