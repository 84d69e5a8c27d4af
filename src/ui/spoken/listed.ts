import { harmless } from '../terminal/harmless.ts';

/** A list to choose from, where one is in it. */
export interface Listed {
  readonly title: string;
  readonly items: readonly { readonly label: string; readonly preview?: string }[];
  readonly index: number;
}

/** The item one is at, with what is chosen by it; at first how one chooses, too. */
export function listedSentences(before: Listed | undefined, after: Listed): string[] {
  const { title, items, index } = after;
  const isNew = before?.items !== items;
  if (!isNew && before?.index === index) return [];
  const item = items[index];
  if (!item) return [`${title}: nothing to choose from.`];
  const preview = item.preview === undefined ? [] : harmless(item.preview).trimEnd().split('\n');
  return [
    ...(isNew
      ? [`Choose: ${title}. Up and down go through it, enter takes it, escape goes back.`]
      : []),
    `${index + 1} of ${items.length}: ${harmless(item.label)}.`,
    ...preview,
  ];
}
