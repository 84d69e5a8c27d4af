import {
  distinctN,
  KelvinError,
  type Run,
  recommend,
  type SettingSummary,
  selfBleu,
  summarise,
  TextMetrics,
} from 'kelvin';
import { describe, expect, it } from 'vitest';

function run(setting: number, sample: number, tokens: readonly number[], logprob: number): Run {
  const metrics = new TextMetrics();
  for (const token of tokens) metrics.push({ token, logprob });
  return {
    setting,
    options: { temperature: setting },
    sample,
    seed: sample,
    text: `text ${setting} ${sample}`,
    tokens,
    finishReason: 'length',
    readout: metrics.read(),
  };
}

const range = (from: number) => Array.from({ length: 12 }, (_, i) => from + i);
const LOOP = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3];

describe('a summary', () => {
  const runs = [
    run(4, 1, range(50), -3),
    run(2, 0, LOOP, -0.5),
    run(4, 0, range(0), -1),
    run(2, 1, range(0), -0.5),
  ];

  it('is of each setting that has a run, in the order of the grid', () => {
    const [first, second, ...more] = summarise(runs);
    expect(more).toEqual([]);
    expect([first!.setting, second!.setting]).toEqual([2, 4]);
    expect(first).toMatchObject({ options: { temperature: 2 }, runs: 2, tokens: 12 });
    expect(summarise([])).toEqual([]);
  });

  it('has the means of its texts, with intervals around them', () => {
    const [first, second] = summarise(runs);
    const looped = runs[1]!.readout;
    expect(first!.diversity.mean).toBeCloseTo((looped.diversity + 1) / 2, 12);
    expect(first!.repetition.mean).toBeCloseTo(looped.repetition[4] / 2, 12);
    expect(first!.coherence).toEqual({ mean: -0.5, low: -0.5, high: -0.5 });
    expect(second!.coherence).toEqual({ mean: -2, low: -3, high: -1 });
    expect(second!.perplexity.mean).toBeCloseTo(Math.exp(2), 12);
    expect(second!.perplexity.low).toBeCloseTo(Math.E, 12);
    expect(second!.perplexity.high).toBeCloseTo(Math.exp(3), 12);
    expect(first!.loops).toBe(0.5);
    expect(second!.loops).toBe(0);
  });

  it('compares texts with each other, and shows the first', () => {
    const [first, second] = summarise(runs);
    const texts = [LOOP, range(0)];
    expect(first!.selfBleu).toBe(selfBleu(texts));
    expect(first!.setDiversity).toBeCloseTo(
      distinctN(texts, 2) * distinctN(texts, 3) * distinctN(texts, 4),
      12,
    );
    expect(second!.setDiversity).toBe(1);
    expect(second!.example).toBe('text 4 0');
    expect(summarise([runs[0]!])[0]!.selfBleu).toBeUndefined();
  });
});

describe('a recommendation', () => {
  // Always the same; different and likely; different and unlikely.
  const settings = summarise([
    ...[0, 1, 2, 3].map((sample) => run(0, sample, range(0), -0.5)),
    ...[0, 1, 2, 3].map((sample) => run(1, sample, range(20 * sample), -1)),
    ...[0, 1, 2, 3].map((sample) => run(2, sample, range(20 * sample), -4)),
  ]);

  it('is neither always the same nor unlikely', () => {
    const { best, reason } = recommend(settings);
    expect(best).toBe(settings[1]);
    expect(reason).toBe(
      'the best product of diversity over all its texts (1.000) and mean probability of a token (0.368)',
    );
  });

  it('is the nearest to a reference, each axis by its spread', () => {
    const at = (setting: SettingSummary) => ({
      diversity: setting.diversity.mean,
      coherence: setting.coherence.mean,
    });
    for (const setting of settings)
      expect(recommend(settings, { reference: at(setting) }).best).toBe(setting);
    const { best, reason } = recommend(settings, { reference: { diversity: 1, coherence: -2.4 } });
    expect(best).toBe(settings[1]);
    expect(reason).toContain('the nearest to the reference text: diversity 1.000');
    expect(reason).toContain('-2.400 nat');
    // A nat here and a tenth there are each a small part of how far the settings go.
    const spread = summarise([
      run(0, 0, LOOP, -1),
      run(1, 0, range(0), -9),
      run(2, 0, [...range(0).slice(0, 8), 0, 1, 2, 3], -2),
    ]);
    const { diversity } = spread[2]!;
    const reference = { diversity: diversity.mean, coherence: -3 };
    expect(recommend(spread, { reference }).best).toBe(spread[2]);
  });

  it('is the first of equals, the only one of one, and none of none', () => {
    const twins = [settings[1]!, { ...settings[1]!, setting: 9 }];
    expect(recommend(twins).best).toBe(twins[0]);
    expect(recommend(twins, { reference: { diversity: 0, coherence: -9 } }).best).toBe(twins[0]);
    expect(() => recommend([])).toThrow(KelvinError);
  });
});
