import { describe, expect, it } from 'vitest';
import { ChatSettings } from '../../../src/cli/chat/settings.ts';
import type { ModelInfo } from '../../../src/model/info.ts';

const model = {
  path: '/model',
  vocabularySize: 100,
  endTokens: [0],
  generation: { temperature: 0.6 },
} as unknown as ModelInfo;

describe('settings of a chat', () => {
  it.each([
    ['temperature', '0.7', { temperature: 0.7 }],
    ['temp', 'inf', { temperature: Infinity }],
    ['top-k', '5', { topK: 5 }],
    ['topK', '5', { topK: 5 }],
    ['no-repeat-ngram-size', '2', { noRepeatNgramSize: 2 }],
    ['max-tokens', '9', { maxTokens: 9 }],
    ['logprobs', '3', { top: 3 }],
    ['logit-bias', '5=-inf', { logitBias: { 5: -Infinity } }],
    ['banned-tokens', '3,4', { bannedTokens: [3, 4] }],
    ['xtc', 'probability=0.5,threshold=0.1', { xtc: { probability: 0.5, threshold: 0.1 } }],
    ['order', 'temperature-last', { order: 'temperature-last' }],
    ['stop', 'the end', { stop: 'the end' }],
    ['stop', '"\\n"', { stop: '\n' }],
    ['stop', '["a", "b"]', { stop: ['a', 'b'] }],
  ])('/set %s %s', (name, value, options) => {
    const settings = new ChatSettings({ seed: 7 }, model);
    const option = settings.set(name, value);
    expect(settings.options).toEqual({ top: 4, seed: 7, ...options });
    expect(settings.effective[option]).toMatchObject({ origin: 'option' });
  });

  it('go back to what the model asks for, and to what kelvin has', () => {
    const settings = new ChatSettings({}, model);
    settings.set('temperature', '2');
    settings.set('top-k', '3');
    settings.set('temperature', 'default');
    settings.set('topK', 'default');
    expect(settings.options).toEqual({ top: 4 });
    expect(settings.effective.temperature).toEqual({ value: 0.6, origin: 'model' });
    expect(settings.effective.topK).toEqual({ value: 0, origin: 'built-in' });
    expect(settings.effective.top).toEqual({ value: 4, origin: 'built-in' });
  });

  it.each([
    ['temprature', '1', 'unknown setting "temprature" (did you mean "temperature"?)'],
    ['top_p', '0.5', 'unknown setting "top_p" (did you mean "top-p"?)'],
    ['constraint', 'x', 'unknown setting "constraint"'],
    ['signal', 'x', 'unknown setting "signal"'],
    ['toString', '1', 'unknown setting "toString"'],
    ['temperature', '-1', 'temperature must be a number in [0, Infinity], got -1'],
    ['temperature', 'hot', 'temperature must be a number in [0, Infinity], got "hot"'],
    ['top-k', '1.5', 'top-k must be an integer'],
    ['penalty-window', '5', 'penalty-window must be -1 where repetitionPenalty is 1'],
    ['mirostat', 'version=3,tau=5', 'mirostat version must be'],
    ['mirostat', 'version=2,tau=5', 'mirostat'],
    ['logit-bias', '5', 'logit-bias must be id=bias'],
    ['logit-bias', '500=1', 'logit-bias names token 500, but the vocabulary has 100 tokens'],
    ['stop', '["', 'stop must be a text or JSON, got "[\\""'],
    ['stop', '""', 'stop must be one or more non-empty strings'],
  ])('/set %s %s is refused and changes nothing', (name, value, message) => {
    const settings = new ChatSettings({ topP: 0.9 }, model);
    const before = settings.effective;
    let refusal = '';
    try {
      settings.set(name, value);
    } catch (error) {
      refusal = (error as Error).message;
    }
    expect(refusal).toContain(message);
    expect(refusal).not.toMatch(/^--/);
    expect(settings.options).toEqual({ top: 4, topP: 0.9 });
    expect(settings.effective).toEqual(before);
  });
});
