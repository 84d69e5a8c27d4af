import { fitText, textWidth } from '../terminal/width.ts';

/** A harmless text in rows of so many cells, broken between words; a longer word within itself. */
export function paragraph(text: string, width: number): [string, ...string[]] {
  const [first, ...words] = text.split(' ').flatMap((word) => pieces(word, width));
  const rows: [string, ...string[]] = [first ?? ''];
  for (const word of words) {
    const longer = `${rows.at(-1)} ${word}`;
    if (textWidth(longer) <= width) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}

function pieces(word: string, width: number): string[] {
  const head = fitText(word, width).replace(/ +$/, '');
  // A cell holds no half of a wide character.
  if (head === '' || head.length >= word.length) return [word];
  return [head, ...pieces(word.slice(head.length), width)];
}
