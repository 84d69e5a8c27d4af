import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wayBack, wayOn } from '../../../src/ui/state/stride.ts';
import { Timeline } from '../../../src/ui/state/timeline.ts';
import { written } from '../panes/samples.ts';

function textOf(texts: readonly string[], place = 0): Timeline {
  const timeline = new Timeline();
  for (const [parent, text] of texts.entries())
    timeline.write(written(text, { node: parent + 1, parent }));
  timeline.goTo(place);
  return timeline;
}

const anyTexts = fc.array(
  fc.constantFrom('a', ' b', '. ', '.', '!', '"', '."', '\n', ' ', ' c.', 'd ', '?”', ' 日本', '…'),
  { maxLength: 20 },
);
const strides = ['token', 'word', 'sentence'] as const;

/** The places where a stride may end, found in the text as a whole. */
function beginnings(texts: readonly string[], stride: (typeof strides)[number]): number[] {
  return texts.flatMap((text, place) => {
    const before = texts.slice(0, place).join('');
    if (stride === 'token') return [place];
    const isWord = /\s$/.test(before) || /^\s/.test(text);
    const isSentence = /[.!?…]["”]*\s*$|\n\s*$/.test(before);
    return isWord && (stride === 'word' || isSentence) ? [place] : [];
  });
}

describe.each(strides)('steps of a %s', (stride) => {
  it('lead to the next beginning, or the one before', () => {
    fc.assert(
      fc.property(anyTexts, fc.nat(20), (texts, from) => {
        // Signs that close a sentence are few, and so are the tokens they are in.
        fc.pre(!/["”\s.!?…]{5}/.test(texts.join('')));
        const place = Math.min(from, texts.length);
        const timeline = textOf(texts, place);
        const all = beginnings(texts, stride);
        expect(wayOn(timeline, stride)).toBe(all.find((at) => at > place) ?? texts.length);
        expect(wayBack(timeline, stride)).toBe(all.findLast((at) => at < place) ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it('stay where the text ends', () => {
    const timeline = textOf([' a', ' b'], 2);
    expect(wayOn(timeline, stride)).toBe(2);
    timeline.goTo(0);
    expect(wayBack(timeline, stride)).toBe(0);
    expect([wayOn(textOf([]), stride), wayBack(textOf([]), stride)]).toEqual([0, 0]);
  });

  it('lead back to where they began', () => {
    fc.assert(
      fc.property(anyTexts, (texts) => {
        const timeline = textOf(texts);
        const way = [0];
        while (timeline.place < texts.length) {
          timeline.goTo(wayOn(timeline, stride));
          way.push(timeline.place);
        }
        for (const place of way.toReversed()) {
          expect(timeline.place).toBe(place);
          timeline.goTo(wayBack(timeline, stride));
        }
      }),
    );
  });
});

it('walks sentences by their ends, however those are cut into tokens', () => {
  const timeline = textOf(['"', 'Hi', '!', '"', ' she', ' said', '.', '\n', '\n', 'Then', ' he']);
  const places = [];
  while (timeline.place < timeline.written.length) {
    timeline.goTo(wayOn(timeline, 'sentence'));
    places.push(timeline.place);
  }
  expect(places).toEqual([4, 7, 8, 9, 11]);
});
