import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopStrings } from '../../src/generation/stop-strings.ts';

/** Pieces pushed until a stop string is met, then flushed. */
function watch(stops: readonly string[], pieces: readonly string[]) {
  const watcher = new StopStrings(stops);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stop } = watcher.push(piece);
    shown.push(text);
    if (stop !== undefined) return { shown, stop, held: watcher.flush() };
  }
  return { shown, stop: undefined, held: watcher.flush() };
}

/** Letter by letter over the whole text: the first completed stop string, of several the longest. */
function cut(stops: readonly string[], text: string): { text: string; stop: string | undefined } {
  for (let end = 1; end <= text.length; end++) {
    const met = stops.filter((stop) => text.slice(0, end).endsWith(stop));
    const stop = met.sort((a, b) => b.length - a.length)[0];
    if (stop !== undefined) return { text: text.slice(0, end - stop.length), stop };
  }
  return { text, stop: undefined };
}

// Few letters, so that stops overlap the text, each other and themselves.
const letters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é'), minLength, maxLength });
const stops = fc.array(letters(1, 5), { maxLength: 4 });
const pieces = fc.array(letters(0, 6), { maxLength: 12 });

describe('stop strings', () => {
  it('show the text up to the first stop, however it is cut into pieces', () => {
    fc.assert(
      fc.property(stops, pieces, (stops, pieces) => {
        const { shown, stop, held } = watch(stops, pieces);
        expect({ text: shown.join('') + held, stop }).toEqual(cut(stops, pieces.join('')));
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  it('never show a letter that a later piece makes part of a stop', () => {
    fc.assert(
      fc.property(stops, pieces, letters(0, 4), (stops, pieces, more) => {
        const now = watch(stops, pieces).shown.join('');
        const later = cut(stops, pieces.join('') + more).text;
        expect(later.startsWith(now)).toBe(true);
      }),
      { numRuns: 5000, seed: 2 },
    );
  });

  it('hold back no more than could begin a stop', () => {
    expect(watch(['\n\nUser:'], ['one\n', 'two\n\n', 'Us', 'age']).shown).toEqual([
      'one',
      '\ntwo',
      '',
      '\n\nUsage',
    ]);
  });

  it('flush what never became a stop', () => {
    expect(watch(['END'], ['the EN'])).toEqual({ shown: ['the '], stop: undefined, held: 'EN' });
  });

  it('take the stop that is completed first, and the longest of those', () => {
    expect(watch(['abcd', 'bc'], ['abcd'])).toEqual({ shown: ['a'], stop: 'bc', held: '' });
    expect(watch(['bc', 'abc'], ['xabc'])).toEqual({ shown: ['x'], stop: 'abc', held: '' });
  });
});
