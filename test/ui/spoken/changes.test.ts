import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/generation/explorer/view.ts';
import { changes } from '../../../src/ui/spoken/changes.ts';
import { keySentences } from '../../../src/ui/spoken/keys.ts';
import { measuredSentences } from '../../../src/ui/spoken/measured.ts';
import type { Moment } from '../../../src/ui/spoken/moment.ts';
import { stays } from '../../../src/ui/spoken/settings.ts';
import { view } from '../panes/samples.ts';
import { knobs, moment, written } from './moments.ts';

const NEXT =
  'Next: lit 36 percent, was 25. looked 21 percent, was 16. opened 13 percent, was 11. ' +
  '7 more are kept. Cut by top-p: set, 1.3 percent. Cut by top-k: hummed, under 0.1 percent. ' +
  'This seed draws found.';

const explanation: Explanation = {
  temperature: 0.8,
  ...{ token: 0, text: ' lit', node: 1, settings: 0, raw: 0.245, shaped: 0.362 },
  ...{ rawLogit: 12.5, logit: 12.25, scaled: 15.3125, weight: 1, total: 2.7624, surprisal: 1.0161 },
  jacobian: [
    { token: 0, text: ' lit', value: 0.231 },
    { token: 1, text: ' looked', value: -0.0746 },
  ],
};

const from = (before: Partial<Moment>, after: Partial<Moment>) =>
  changes(moment(before), moment(after));

describe('what is told', () => {
  it('is nothing where nothing is new', () => {
    expect(from({ view }, { view: { ...view } })).toEqual([]);
  });

  it('of a pause is what comes next', () => {
    expect(from({ isPlaying: true }, {})).toEqual(['Paused, after 4 tokens.']);
    expect(from({}, { view })).toEqual([NEXT]);
  });

  it('of an end is why', () => {
    const ended = (pause: Moment['pause']) => from({ isPlaying: true }, { phase: 'ended', pause });
    expect(ended('end')).toEqual(['The text has come to its end, after 4 tokens.']);
    expect(ended('context')).toEqual(["The model's context is full, after 4 tokens."]);
    const remedy = 'l loads another model, q quits.';
    expect(from({}, { error: 'no tokenizer', remedy })).toEqual([
      'Error: no tokenizer',
      'l loads another model, q quits.',
    ]);
    expect(from({}, { phase: 'failed', error: 'no memory' })).toEqual(['Error: no memory']);
  });

  it('of settings is how many tokens they could not have drawn', () => {
    expect(from({}, { struck: 3 })).toEqual([
      'These settings could not have drawn 3 of the 4 tokens.',
    ]);
    expect(from({ struck: 3 }, { struck: 3 })).toEqual([]);
    expect(from({ struck: 3 }, {})).toEqual([]);
  });

  it('of a knob is its value and the one before', () => {
    const options = { temperature: 0.8, seed: 7 };
    expect(
      from(
        { options: { temperature: 0.75, seed: 7 }, view: { ...view, settings: 1 } },
        { options, view },
      ),
    ).toEqual(['Temperature 0.80, was 0.75.', NEXT]);
    expect(from({ options }, { options: { temperature: Infinity, topK: 40, seed: 8 } })).toEqual([
      'Temperature infinity, was 0.80.',
      'Top-k 40, was off.',
      'Seed 8.',
    ]);
    expect(from({ options }, { options: { ...options, order: 'temperature-last' } })).toEqual([
      'Order: repetition-penalty, then top-n-sigma, then top-k, then top-p, then min-p, then temperature.',
    ]);
    expect(stays(knobs[0]!, { temperature: 0 })).toBe('Temperature stays at 0.');
  });

  it('of a step is the text it led over', () => {
    expect(from({}, { place: 2 })).toEqual(['Back over: time, there', 'Token 2 of 4.']);
    expect(from({ place: 2 }, { place: 3 })).toEqual(['On: time,', 'Token 3 of 4.']);
    const other = written.map((token) => ({ ...token, node: token.node + 10 }));
    expect(from({}, { written: other, node: 14, branch: { number: 2, count: 2 } })).toEqual([
      'Branch 2 of 2: Once upon a time, there',
      'Token 4 of 4.',
    ]);
  });

  it('of a pick is the token and its rank', () => {
    expect(from({ view }, { view, selected: 1 })).toEqual([
      'Picked looked 21 percent, was 16, rank 2. Enter goes on from it.',
    ]);
    expect(from({ view }, { view, selected: 10 })).toEqual([
      'Picked set, cut by top-p, was 1.3 percent, rank 11. Enter goes on from it.',
    ]);
  });

  it('of a token is how its probability comes about', () => {
    const explained = from({ mode: 'explain' }, { mode: 'explain', explanation });
    expect(explained).toEqual([
      'Lit, token 0. The model gives it 25 percent.',
      'Logit 12.5000, 12.2500 after edits. Over the temperature 15.3125.',
      'Weight 1.0000 of 2.7624 for all that are kept. 36 percent, a surprisal of 1.47 bits.',
      'Standard normalisation is undefined: some logits are negative.',
      'Its derivative by the score of lit 0.2310, of looked minus 0.0746.',
    ]);
    const shown = { mode: 'explain', explanation } as const;
    expect(from(shown, { ...shown, explanation: { ...explanation } })).toEqual([]);
    expect(
      from(shown, { ...shown, explanation: { ...explanation, token: 9, cutBy: 'minP' } })[2],
    ).toContain('Cut by min-p: it is not drawn.');
  });

  it('of a comparison is what the settings do', () => {
    const side = (text: string, temperature: number) => ({
      options: { temperature },
      written: [...written, { ...written[0]!, token: 9, text }],
      isWriting: false,
    });
    const comparison = { left: side(' was', 0.8), right: side(' lay', 1.2), divergence: 4 };
    const writing = { mode: 'compare', comparison: { ...comparison, isWriting: true } } as const;
    const done = { mode: 'compare', comparison: { ...comparison, isWriting: false } } as const;
    expect(from({}, writing)).toEqual([
      'Two settings on the same noise.',
      'Left: temperature 0.80.',
      'Right: temperature 1.20.',
    ]);
    expect(from(writing, done)).toEqual([
      '4 tokens are the same: upon a time, there',
      'Left goes on: was',
      'Right goes on: lay',
    ]);
    const alike = { ...done.comparison, right: comparison.left, divergence: undefined };
    expect(from(writing, { ...done, comparison: alike })).toEqual([
      'Both write the same: upon a time, there was',
    ]);
    expect(from(done, {})).toEqual(['Back at the text. Paused, after 4 tokens.']);
  });

  it('of a sweep is how far it is, and what it found', () => {
    const pane = (done: number, isRunning = true) => ({
      ...{ progress: { done, total: 8 }, isRunning },
      rows: [
        {
          ...{ label: '0.50', repetition: 0.125, loops: 1, example: '' },
          diversity: { mean: 0.9, low: 0.8, high: 1 },
          coherence: { mean: -0.5, low: -0.6, high: -0.4 },
        },
      ],
      ...(isRunning ? {} : { best: { label: '0.50', why: 'nothing else was tried' } }),
    });
    const at = (done: number, isRunning = true) =>
      ({ mode: 'sweep', sweep: pane(done, isRunning) }) as const;
    expect(from({}, at(0))).toEqual([
      'Sweeping: 0 of 8 texts. Escape stops, s is back to the text.',
    ]);
    expect(from(at(0), at(1))).toEqual([]);
    expect(from(at(1), at(2))).toEqual(['2 of 8 texts.']);
    const found = [
      'Temperature 0.50: diversity 0.90, coherence minus 0.50, repeats 13 percent, 1 in a loop.',
      'Recommended: temperature 0.50, nothing else was tried.',
    ];
    expect(from(at(8), at(8, false))).toEqual(['The sweep is done.', ...found]);
    expect(from(at(2), at(2, false))[0]).toBe('The sweep stopped after 2 of 8 texts.');
    expect(from({ sweep: pane(8) }, { sweep: pane(8, false) })).toEqual([
      'The sweep is done; s tells it.',
    ]);
    expect(from({ sweep: pane(8, false) }, at(8, false))).toEqual(['The sweep is done.', ...found]);
  });

  it('of a list is the item one is at', () => {
    const items = [{ label: 'as a command', preview: 'kelvin generate\n' }, { label: 'other' }];
    const at = (index: number) =>
      ({ mode: 'choose', menu: { title: 'write', items, index } }) as const;
    expect(from({}, at(0))).toEqual([
      'Choose: write. Up and down go through it, enter takes it, escape goes back.',
      '1 of 2: as a command.',
      'kelvin generate',
    ]);
    expect(from(at(0), at(1))).toEqual(['2 of 2: other.']);
    expect(from(at(1), at(1))).toEqual([]);
  });

  it('of a line that is edited is each word, what goes and where one is', () => {
    const at = (text: string, cursor = text.length) =>
      ({ mode: 'edit', editing: { title: 'prompt', text, cursor, take() {} } }) as const;
    expect(from({}, at('Once'))).toEqual([
      'Edit the prompt. Enter takes it, escape leaves it as it was.',
      'Once',
    ]);
    expect(from({}, at(''))[1]).toBe('It is empty.');
    expect(from(at('Onc'), at('Once'))).toEqual([]);
    expect(from(at('Once'), at('Once '))).toEqual(['Once']);
    expect(from(at('Once'), at('Once upon\na time'))).toEqual(['Inserted:  upon\na time']);
    expect(from(at('Once'), at('Onc'))).toEqual(['Deleted e.']);
    expect(from(at('Once upon', 5), at('Once ', 5))).toEqual(['Deleted upon.']);
    expect(from(at('Once'), at('Once', 0))).toEqual(['Before O.']);
    expect(from(at('Once', 0), at('Once'))).toEqual(['At the end.']);
  });

  it('of another text is its model, its settings and its prompt', () => {
    expect(from({ text: undefined, model: undefined }, { text: {}, phase: 'reading' })).toEqual([
      'story. Temperature 0.80. Prompt: Once',
      'Reading the prompt.',
    ]);
  });

  it('is what the studio says', () => {
    const notice = { text: 'steps of a word', isError: false };
    expect(from({}, { notice })).toEqual(['steps of a word']);
    expect(from({ notice }, { notice })).toEqual([]);
    expect(from({}, { notice: { text: 'no file', isError: true } })).toEqual(['Error: no file']);
  });
});

describe('what is asked for', () => {
  it('is the trade-off of this step and of the text', () => {
    const text = { diversity: 0.9, coherence: -0.49, perplexity: 1.64 };
    expect(measuredSentences({ view, text })).toEqual([
      'This step: 6.30 choices, diversity 1.84 nats, coherence minus 2.07 nats, 0.02 below the curve.',
      'One nat of diversity costs 0.80 of coherence.',
      'The text: diversity 0.90, coherence minus 0.49, perplexity 1.64.',
    ]);
    expect(measuredSentences({})).toEqual(['Nothing is written yet.']);
  });

  it('is the keys of the mode', () => {
    const keys = keySentences('pause');
    expect(keys).toContain('t shift-t: temperature down / up.');
    expect(keys).toContain('comma period: at rest, steps of a token / word / sentence.');
    expect(keys).toContain('a: diversity and coherence of this step, and of the text.');
    expect(keys).toContain('control-l: where one is.');
    expect(keySentences('choose')).not.toContain('t shift-t: temperature down / up.');
  });
});
