import { describe, expect, it } from 'vitest';
import { counted, heard, inWords, percentage } from '../../../src/ui/spoken/words.ts';

describe('words', () => {
  it.each([
    [1, '100'],
    [0.99999, 'over 99'],
    [0.994, '99'],
    [0.362, '36'],
    [0.0996, '10'],
    [0.0994, '9.9'],
    [0.013, '1.3'],
    [0.01, '1'],
    [0.0005, '0.1'],
    [0.0004, 'under 0.1'],
    [1e-300, 'under 0.1'],
    [0, '0'],
  ])('a probability of %d is %s percent', (probability, text) => {
    expect(percentage(probability)).toBe(text);
  });

  it.each([
    [' lit', 'lit'],
    ['ing', 'ing'],
    ['.', 'period'],
    [' "', 'quote'],
    [' ', 'space'],
    ['   ', '3 spaces'],
    ['\n', 'line break'],
    ['\n\n', '2 line breaks'],
    ['\t', '⇥'],
    ['\u001B[2J', '␛[2J'],
    ['', 'token 12'],
  ])('%j is heard as %s', (text, name) => {
    expect(heard(text, 12)).toBe(name);
  });

  it('takes the place of signs', () => {
    expect(inWords('−∞')).toBe('minus infinity');
    expect(inWords('−0.52')).toBe('minus 0.52');
    expect(inWords('–')).toBe('none');
  });

  it('counts', () => {
    expect([0, 1, 2].map((count) => counted(count, 'token'))).toEqual([
      '0 tokens',
      '1 token',
      '2 tokens',
    ]);
  });
});
