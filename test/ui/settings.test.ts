import { parseSamplingOptions, Sampler, samplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { createKnobs, turn } from '../../src/ui/knobs.ts';
import { nextOrder, orderText, stageNames } from '../../src/ui/order.ts';
import { presetOf, presets, withPreset } from '../../src/ui/presets.ts';
import { settingsText } from '../../src/ui/settings-text.ts';

const knobs = createKnobs(1000);

describe('settingsText', () => {
  it('tells what is set, in the order it acts', () => {
    const options = { temperature: 0.8, topK: 40, topP: 0.95, seed: 7 };
    expect(settingsText(options, knobs)).toBe('τ .80 k 40 p .95');
    expect(settingsText({ ...options, order: 'temperature-last' }, knobs)).toBe('k 40 p .95 τ .80');
    expect(settingsText(options, knobs, 'ascii')).toBe('t .80 k 40 p .95');
  });

  it('always tells the temperature, and names what has no knob', () => {
    expect(settingsText({}, knobs)).toBe('τ 1');
    expect(
      settingsText({ topP: 1, dry: { multiplier: 1 }, typicalP: 1, endTokens: [0] }, knobs),
    ).toBe('τ 1 +dry');
    expect(settingsText({ temperature: Infinity }, knobs, 'ascii')).toBe('t inf');
  });
});

describe('orders', () => {
  it('go round', () => {
    expect(nextOrder('temperature-first')).toBe('temperature-last');
    expect(nextOrder('temperature-last')).toBe('temperature-first');
    const own = ['topK', 'temperature'];
    expect(nextOrder('temperature-last', own)).toBe(own);
    expect(nextOrder(own, own)).toBe('temperature-first');
  });

  it.each(['temperature-first', 'temperature-last'] as const)('%s is the sampler’s', (order) => {
    const described = new Sampler({ order }).describe().map(({ name }) => name);
    expect(stageNames(order)).toEqual(described);
  });

  it('are written as the signs of their knobs', () => {
    expect(orderText('temperature-first', knobs)).toBe('r ▸ τ ▸ nσ ▸ k ▸ p ▸ m');
    expect(orderText('temperature-last', knobs)).toBe('r ▸ nσ ▸ k ▸ p ▸ m ▸ τ');
    expect(orderText(['dry', 'topP', 'temperature'], knobs, 'ascii')).toBe('p > t');
  });
});

describe('presets', () => {
  it.each(presets)('$name is what a sampler takes, and is found again', (preset) => {
    const options = withPreset({ seed: 7, topNSigma: 1 }, preset);
    expect(() => parseSamplingOptions(options)).not.toThrow();
    expect(options).toEqual({ ...preset.options, seed: 7 });
    expect(presetOf(options)).toBe(preset);
    expect(presetOf(turn(options, knobs[0]!, 1))).toBeUndefined();
  });

  it('sets nothing to what it is without being set', () => {
    for (const { options } of presets)
      for (const [name, value] of Object.entries(options))
        expect(value).not.toBe(samplingOptions[name as keyof typeof samplingOptions].default);
  });
});
