import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Story, takeSentences } from '../../../src/ui/spoken/story.ts';
import { tokens } from '../panes/samples.ts';
import { moment } from './moments.ts';

const TALE = 'Tom ran. "Stop!" said Ann.\nThe sun was 3.5 miles away... Was it';
const tale = tokens(TALE).map((token, i) => ({ ...token, node: i + 1 }));

describe('sentences', () => {
  it('are taken where they end', () => {
    expect(takeSentences(TALE)).toEqual({
      whole: ['Tom ran.', '"Stop!"', 'said Ann.', 'The sun was 3.5 miles away...'],
      rest: ' Was it',
    });
  });

  it('wait for what may follow a period', () => {
    expect(takeSentences('It was 3.')).toEqual({ whole: [], rest: 'It was 3.' });
    expect(takeSentences('It was 3. ')).toEqual({ whole: ['It was 3.'], rest: ' ' });
  });

  it('are cut where there is no end to them', () => {
    const { whole, rest } = takeSentences('and on '.repeat(60));
    expect(whole.map(({ length }) => length)).toEqual([237]);
    expect(rest).toHaveLength(60 * 7 - 237);
  });

  it('are all of the text, whatever it is', () => {
    const any = fc.array(
      fc.constantFrom('a', 'word', '.', '!', '"', ' ', '\n', '日本', 'x'.repeat(99)),
    );
    fc.assert(
      fc.property(any, (parts) => {
        const text = parts.join('');
        const { whole, rest } = takeSentences(text);
        const letters = (said: string) => said.replaceAll(/\s/g, '');
        expect(letters(whole.join('') + rest)).toBe(letters(text));
        expect(rest.length).toBeLessThanOrEqual(240);
      }),
    );
  });
});

describe('a story', () => {
  const at = (place: number, isPlaying = true) =>
    moment({ written: tale, place, isPlaying, node: tale[place - 1]?.node ?? 0 });

  it('is told sentence by sentence, and to the end where it stops', () => {
    const story = new Story();
    const told = Array.from({ length: tale.length + 1 }, (_, place) => story.follow(at(place)));
    expect(told.flat()).toEqual(takeSentences(TALE).whole);
    expect(told[3]).toEqual(['Tom ran.']);
    expect(story.follow(at(tale.length, false))).toEqual(['Was it']);
    expect(story.follow(at(tale.length, false))).toEqual([]);
  });

  it('is not told again by who walks in it', () => {
    const story = new Story();
    for (const place of [0, 3]) story.follow(at(place));
    expect(story.follow(at(3, false))).toEqual(['"Stop!"']);
    expect([1, 2, 3].flatMap((place) => story.follow(at(place, false)))).toEqual([]);
  });

  it('waits for who is somewhere else', () => {
    const story = new Story();
    story.follow(at(0));
    expect(story.follow({ ...at(4), mode: 'sweep' })).toEqual([]);
    expect(story.follow(at(4))).toEqual(['Tom ran.', '"Stop!"']);
  });
});
