/** The stories to learn from: unpacked, cut apart and freed of anything held out. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { END_OF_TEXT } from './bpe.ts';

/** Reads `name`, or `name.xz` through Debian's xz. */
function read(folder: string, name: string): string {
  const plain = join(folder, name);
  if (existsSync(plain)) return readFileSync(plain, 'utf8');
  return execFileSync('xz', ['-dc', `${plain}.xz`], { maxBuffer: 1 << 28 }).toString('utf8');
}

/** Stories separated by lines that hold only the end-of-text mark. */
export function splitStories(text: string): string[] {
  return text
    .split(END_OF_TEXT)
    .map((story) => story.trim())
    .filter((story) => story.length > 0);
}

/**
 * The extra slice has no separators, but it keeps the blank line between paragraphs, so that a
 * single newline is where one story ends. A new story is believed only when the text before it
 * ends like a sentence; what is shorter than 100 characters is dropped as debris, and so are the
 * two halves that the slice's own ends cut off.
 */
export function splitExtra(text: string): string[] {
  return text
    .split(/(?<=[.!?"'])[ \t]*(?<!\n)\n(?!\n)/)
    .slice(1, -1)
    .map((story) => story.replace(/[ \t]*\n\s*/g, '\n').trim())
    .filter((story) => story.length >= 100);
}

const WINDOW = 8;
const wordsOf = (story: string) => story.toLowerCase().match(/[a-z0-9']+/g) ?? [];
function* shingles(story: string): Generator<string> {
  const list = wordsOf(story);
  for (let i = 0; i + WINDOW <= list.length; i++) yield list.slice(i, i + WINDOW).join(' ');
}

/** Training stories without repeats and without near copies of a held-out story, and the latter. */
export function loadCorpus(folder: string): { train: string[]; valid: string[]; dropped: number } {
  const valid = splitStories(read(folder, 'tinystories_valid.txt'));
  const all = [
    ...splitStories(read(folder, 'tinystories_train.txt')),
    ...splitExtra(read(folder, 'tinystories_extra.txt')),
  ];
  const heldOut = new Set(valid.flatMap((story) => [...shingles(story)]));
  const seen = new Set<string>();
  const train = all.filter((story) => {
    const plain = wordsOf(story).join(' ');
    if (seen.has(plain)) return false;
    seen.add(plain);
    let total = 0;
    let shared = 0;
    for (const s of shingles(story)) {
      total++;
      if (heldOut.has(s)) shared++;
    }
    return shared <= total * 0.3;
  });
  return { train, valid, dropped: all.length - train.length };
}
