import { visible } from '../terminal/visible.ts';

/** A probability as one hears it: whole per cents, or a tenth of one where there are few. */
export function percentage(probability: number): string {
  if (probability >= 1) return '100';
  if (probability === 0) return '0';
  const percent = probability * 100;
  if (percent >= 99.5) return 'over 99';
  if (percent >= 9.95) return String(Math.round(percent));
  return percent >= 0.05 ? String(Number(percent.toFixed(1))) : 'under 0.1';
}

/** A number or a setting as it is drawn, with words for its signs. */
export const inWords = (text: string): string =>
  text.replace(/[∞−–τσ×]/g, (sign) => SIGNS[sign]!).trim();

/** A token as one hears it: without the space before it, and what cannot be heard by its name. */
export function heard(text: string, token: number): string {
  if (text === '') return `token ${token}`;
  const core = text.trim();
  if (core !== '') return MARKS[core] ?? visible(core, 'unicode', 'none');
  if (/^\n+$/.test(text)) return text.length > 1 ? `${text.length} line breaks` : 'line break';
  if (/^ +$/.test(text)) return text.length > 1 ? `${text.length} spaces` : 'space';
  return visible(text, 'unicode', 'all');
}

/** With a capital, as a sentence begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `1 token`, `2 tokens`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

const SIGNS: Readonly<Record<string, string>> = {
  '∞': 'infinity',
  '−': 'minus ',
  '–': 'none',
  τ: 'temperature',
  σ: ' sigma',
  '×': 'times',
};

const MARKS: Readonly<Record<string, string>> = {
  '.': 'period',
  ',': 'comma',
  '!': 'exclamation mark',
  '?': 'question mark',
  ':': 'colon',
  ';': 'semicolon',
  '"': 'quote',
  "'": 'apostrophe',
  '-': 'hyphen',
  '(': 'left parenthesis',
  ')': 'right parenthesis',
};
