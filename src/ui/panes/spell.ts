import type { Glyphs } from '../line.ts';

// Only signs of kelvin's own: what a model wrote is never respelled.
const ASCII: Readonly<Record<string, string>> = {
  τ: 't',
  σ: 's',
  Σ: 'sum ',
  '∞': 'inf',
  '−': '-',
  '–': '-',
  '×': 'x',
  '·': '-',
  '…': '...',
  '⋯': ':',
  '≥': '>=',
  '→': '->',
  '↑': '^',
  '↓': 'v',
  '←': '<-',
  '∂': 'd',
  '─': '-',
  '━': '=',
  '│': '|',
  '┃': '|',
  '▏': '|',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '├': '+',
  '└': '+',
  '█': '#',
  '●': '@',
  '○': 'o',
  '◇': '%',
  '◆': '#',
  '∙': '*',
  '▸': '>',
  '⏎': 'enter',
  '⇥': 'tab',
};

/** kelvin's own words and signs, in what the terminal can show. */
export const spell = (text: string, glyphs: Glyphs): string =>
  glyphs === 'unicode' ? text : text.replace(/[^ -~]/g, (sign) => ASCII[sign] ?? sign);
