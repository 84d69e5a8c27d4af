import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCompare } from '../../../src/ui/panes/compare.ts';
import { drawNow } from '../../../src/ui/panes/now.ts';
import { drawStatus, noticeOf, type StatusSubject } from '../../../src/ui/panes/status.ts';
import { drawStrip } from '../../../src/ui/panes/strip.ts';
import {
  anyGlyphs,
  anySize,
  anyText,
  fault,
  plain,
  styled,
  tokens,
  view,
  written,
} from './samples.ts';

const numbers = { diversity: 0.93, coherence: -2.41, perplexity: 11.1 };

describe('drawStrip', () => {
  const bits = Array.from({ length: 20 }, (_, i) => i * 0.5);
  const entropies = bits.map((value) => value / 2);

  it('draws one row, and two with the same tokens below each other', () => {
    const draw = (place: number, width: number, height: number) =>
      plain(drawStrip({ bits, entropies, place }, { width, height }, 'unicode'));
    expect(draw(20, 60, 1)).toEqual([
      ' bits ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██████▏               mean 4.75  H 2.38 ',
    ]);
    expect(draw(5, 46, 2)).toEqual([
      ' surprisal ▁▁▂▂▃▏▃▄▄▅▅▆▆▇▇██████   mean  1.00 ',
      ' entropy   ▁▁▁▁▂▏▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅   mean  0.50 ',
    ]);
    expect(draw(20, 12, 2)).toEqual(['▅▆▆▇▇██████▏', '▃▃▃▄▄▄▄▅▅▅▅▏']);
  });

  it('writes the bits themselves in ASCII', () => {
    const subject = {
      bits: [0.5, 3.9, 12, Number.POSITIVE_INFINITY, -1e-9],
      entropies: [],
      place: 5,
    };
    expect(plain(drawStrip(subject, { width: 20, height: 1 }, 'ascii'))).toEqual([
      ' bits 03990|        ',
    ]);
  });

  it('dims what can be redone', () => {
    const lines = drawStrip({ bits, entropies, place: 18 }, { width: 60, height: 1 }, 'ascii');
    expect(styled(lines, 'dim')).toContain('99');
  });

  it('fills its size exactly', () => {
    const list = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(list, fc.nat(), anySize, anyGlyphs, (values, at, size, glyphs) => {
        const place = at % (values.length + 1);
        const subject = { bits: values, entropies: values, place };
        const lines = drawStrip(subject, size, glyphs);
        expect(fault(lines, size)).toBeUndefined();
        if (size.width > 1) expect(plain(lines)[0]).toContain(glyphs === 'ascii' ? '|' : '▏');
      }),
    );
  });
});

describe('drawStatus', () => {
  const subject: StatusSubject = {
    model: 'smollm-135m',
    state: 'playing',
    tokensPerSecond: 38.2,
    tokens: 143,
    limit: 256,
    place: 143,
    seed: 7,
    branch: { number: 2, count: 3 },
    summary: 'τ 0.80 k 40 p 0.95',
  };
  const draw = (more: Partial<StatusSubject>, width: number) =>
    plain(drawStatus({ ...subject, ...more }, { width, height: 1 }, 'unicode'))[0];

  it('lets the least urgent give way where it is narrow', () => {
    expect(draw({}, 110)).toBe(
      ' kelvin · smollm-135m  ▶ playing  38 tok/s  token 143/256  seed 7  branch 2 of 3           τ 0.80 k 40 p 0.95 ',
    );
    expect(draw({}, 80)).toBe(
      ' kelvin · smollm-135m  ▶ playing  38 tok/s  token 143/256    τ 0.80 k 40 p 0.95 ',
    );
    expect(draw({}, 60)).toBe(' ▶ playing  38 tok/s  token 143/256      τ 0.80 k 40 p 0.95 ');
    expect(draw({}, 30)).toBe(' ▶ playing  token 143/256     ');
    expect(draw({}, 10)).toBe(' ▶ playi… ');
  });

  it('says what each state has to say', () => {
    expect(draw({ state: 'loading', detail: 0.456 }, 50)).toMatch(/◌ loading 45 % .*τ/);
    expect(draw({ state: 'loading', detail: 0.456 }, 80)).not.toMatch(/token/);
    expect(draw({ state: 'reading', detail: 0.999 }, 50)).toMatch(/reading 99 % {2}token 143/);
    expect(draw({ state: 'paused', place: 20 }, 80)).toMatch(/paused {2}token 20 of 143 /);
    expect(draw({ state: 'ended', detail: 'the model ended the text' }, 60)).toMatch(
      /■ ended: the model ended the text {2}token/,
    );
    expect(draw({ tokensPerSecond: 3.14 }, 80)).toMatch(/ 3\.1 tok\/s /);
    expect(draw({ branch: { number: 1, count: 1 } }, 140)).not.toMatch(/branch/);
  });

  it('shows a notice before anything but the state', () => {
    const notice = { text: 'cannot write session.ndjson:\nno space left', isError: true };
    expect(draw({ notice }, 80)).toBe(
      ' ▶ playing  cannot write session.ndjson:⏎no space left  token 143/256           ',
    );
    expect(draw({ notice }, 40)).toBe(' ▶ playing  cannot write…               ');
    expect(noticeOf({ ...subject, notice }, 40, 'unicode')[1]).toBe(
      'session.ndjson:⏎no space left',
    );
    expect(noticeOf({ ...subject, notice }, 80, 'unicode')[1]).toBe('');
    const path = { text: `/${'long/'.repeat(9)}: no such folder`, isError: true };
    const [shown, rest] = noticeOf({ ...subject, notice: path }, 40, 'unicode');
    expect(shown.replace('…', '') + rest).toBe(path.text);
    const lines = drawStatus({ ...subject, notice }, { width: 80, height: 1 }, 'unicode');
    expect(styled(lines, 'error')).toEqual(['cannot write session.ndjson:⏎no space left']);
  });

  it('fills its size exactly, and nothing in it acts', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        anyText,
        anySize,
        anyGlyphs,
        (model, detail, text, size, glyphs) => {
          const notice = { text, isError: false };
          const all = {
            ...subject,
            model,
            state: 'ended',
            detail,
            notice,
            summary: detail,
          } as const;
          expect(fault(drawStatus(all, size, glyphs), size)).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('drawNow', () => {
  it('draws two rows', () => {
    expect(plain(drawNow({ view, text: numbers }, { width: 46, height: 2 }, 'unicode'))).toEqual([
      ' now    H 2.65 bits  coh −2.07  gap 0.02      ',
      ' text   div 0.93  coh −2.41  ppl 11.1  no loop',
    ]);
  });

  it('draws a row for each number', () => {
    expect(plain(drawNow({ view, text: numbers }, { width: 40, height: 8 }, 'unicode'))).toEqual([
      ' entropy    2.65 bits of 5.05           ',
      ' choices    6.30 of 33.1                ',
      ' coherence  −2.07 nats                  ',
      ' gap        0.02 nats below the curve   ',
      ' price      0.80 nats for 1 of diversity',
      ' text       diversity 0.93              ',
      '            coherence −2.41  ppl 11.1   ',
      '            no loop                     ',
    ]);
    expect(
      plain(drawNow({ view, text: numbers }, { width: 40, height: 10 }, 'unicode')).slice(4, 8),
    ).toEqual([
      ' price      1 nat of diversity costs    ',
      '            0.80 nats of coherence      ',
      '                                        ',
      ' text       diversity 0.93              ',
    ]);
  });

  it('tells of a loop first, and of infinite temperature and certainty', () => {
    const text = { ...numbers, loop: { period: 3, repeats: 12 } };
    const size = { width: 46, height: 2 };
    expect(plain(drawNow({ text }, size, 'unicode'))).toEqual([
      ' now    –                                     ',
      ' text   loop 3 × 12  div 0.93  coh −2.41      ',
    ]);
    const hot = { ...view, temperature: Number.POSITIVE_INFINITY };
    expect(plain(drawNow({ view: hot }, { width: 60, height: 8 }, 'unicode'))[4].trim()).toBe(
      'price      1 nat of diversity costs ∞ of coherence',
    );
    const cold = {
      ...view,
      entropy: 0,
      temperature: 0,
      gap: 0,
      now: { diversity: 0, coherence: -0.1 },
    };
    expect(plain(drawNow({ view: cold }, { width: 46, height: 8 }, 'ascii')).slice(0, 5)).toEqual([
      ' entropy    0.00 bits of 5.05                 ',
      ' choices    1.00 of 33.1                      ',
      ' coherence  -0.10 nats                        ',
      ' gap        0.00 nats below the curve         ',
      ' price      0.00 nats for 1 of diversity      ',
    ]);
  });

  it('fills its size exactly', () => {
    fc.assert(
      fc.property(anySize, anyGlyphs, fc.boolean(), (size, glyphs, isFull) => {
        const lines = drawNow(isFull ? { view, text: numbers } : {}, size, glyphs);
        expect(fault(lines, size)).toBeUndefined();
      }),
    );
  });
});

describe('drawCompare', () => {
  const prompt = [{ token: 0, text: 'The sea was so quiet that' }];
  const left = {
    title: 'τ 0.80 k 40',
    written: tokens(' he could hear the moths against the glass.'),
  };
  const right = {
    title: 'τ 1.50',
    written: tokens(' he could hear the moths against a wall of rain'),
  };

  it('draws both texts and marks where they part', () => {
    const lines = drawCompare(
      { prompt, left, right, divergence: 6 },
      { width: 70, height: 5 },
      'unicode',
    );
    expect(plain(lines)).toEqual([
      ' τ 0.80 k 40                      │ τ 1.50                            ',
      ' The sea was so quiet that he     │ The sea was so quiet that he      ',
      ' could hear the moths against▸the │ could hear the moths against▸a    ',
      ' glass.▏                          │ wall of rain▏                     ',
      '                                  │                                   ',
    ]);
    expect(styled(lines, 'left')).toEqual(['τ 0.80 k 40', '▸']);
    expect(styled(lines, 'right')).toEqual(['τ 1.50', '▸']);
  });

  it('tells how diverse and how coherent each turned out, where there is a row for it', () => {
    const sides = { left: { ...left, numbers }, right };
    const last = (height: number) =>
      plain(drawCompare({ prompt, ...sides }, { width: 90, height }, 'unicode')).at(-1);
    expect(last(6)).toBe(
      ' text   div 0.93  coh −2.41  ppl 11.1       │ text   –                                    ',
    );
    expect(last(5)).not.toContain('div');
  });

  it('marks nothing while they agree', () => {
    const lines = drawCompare(
      { prompt, left, right: { ...left, written: [...left.written] } },
      { width: 70, height: 5 },
      'ascii',
    );
    expect(plain(lines).join('')).not.toContain('>');
  });

  it('fills its size exactly, and nothing in it acts', () => {
    const list = fc.array(anyText.map((text) => written(text)));
    fc.assert(
      fc.property(
        list,
        list,
        anyText,
        fc.nat(9),
        anySize,
        anyGlyphs,
        (one, other, title, divergence, size, glyphs) => {
          const subject = {
            prompt,
            left: { title, written: one },
            right: { title, written: other },
            divergence,
          };
          expect(fault(drawCompare(subject, size, glyphs), size)).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });
});
