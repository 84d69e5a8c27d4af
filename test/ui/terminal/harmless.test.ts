import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmless, harmlessJson } from '../../../src/ui/terminal/harmless.ts';

describe('harmless', () => {
  it.each([
    ['\u001B[31mred\u0007', '␛[31mred␇'],
    ['a\rb\bc\u0000', 'a␍b␈c␀'],
    ['\u007F\u009B2J', '<U+007F><U+009B>2J'],
    ['abc\u202Etxt.exe', 'abc<U+202E>txt.exe'],
    ['line\n\tnext', 'line\n\tnext'],
    ['naïve 🐉 é שלום', 'naïve 🐉 é שלום'],
  ])('shows %j as %j', (text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it('writes JSON that means the same and holds no such character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = harmlessJson(JSON.stringify(text));
        expect(JSON.parse(json)).toBe(text);
        expect(harmless(json)).toBe(json);
      }),
    );
  });
});
