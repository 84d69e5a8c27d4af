import type { Moment } from './moment.ts';

/** Longer than any sentence one would wait for. */
const LONGEST = 240;
const SENTENCE = /[^\n]*?[.!?…]["'”’)]*(?=\s)|[^\n]*\n/y;

/** Whole sentences at the beginning of a text, and what is left of it. */
export function takeSentences(text: string): { readonly whole: string[]; readonly rest: string } {
  const whole: string[] = [];
  let at = 0;
  for (;;) {
    SENTENCE.lastIndex = at;
    const found = SENTENCE.exec(text)?.[0] ?? overlong(text.slice(at));
    if (!found) break;
    at += found.length;
    whole.push(found.trim());
  }
  return { whole: whole.filter((sentence) => sentence !== ''), rest: text.slice(at) };
}

// A model need not end its sentences.
function overlong(text: string): string | undefined {
  if (text.length <= LONGEST) return undefined;
  const space = text.lastIndexOf(' ', LONGEST);
  return text.slice(0, space > 0 ? space : LONGEST);
}

/** Tells a text sentence by sentence as it is written. */
export class Story {
  #before: Moment | undefined;
  #rest = '';

  /** What is to be said by now; all of it where nothing more is written. */
  follow(now: Moment): string[] {
    const before = this.#before;
    this.#before = now;
    if (before?.text !== now.text) this.#rest = '';
    if (before?.isPlaying || now.isPlaying) this.#rest += added(before, now);
    // Whoever is somewhere else hears it when they are back.
    if (now.mode !== 'play' && now.mode !== 'pause') return [];
    const { whole, rest } = takeSentences(this.#rest);
    this.#rest = now.isPlaying ? rest : '';
    return now.isPlaying || rest.trim() === '' ? whole : [...whole, rest.trim()];
  }
}

/** The text between two moments, where the second goes on from the first. */
export function added(before: Moment | undefined, { text, written, place }: Moment): string {
  const isOn = before !== undefined && before.text === text;
  const from = isOn ? before.place : 0;
  if (from > 0 && written[from - 1]?.node !== before?.node) return '';
  return written
    .slice(from, place)
    .map((entry) => entry.text)
    .join('');
}
