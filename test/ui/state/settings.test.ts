import fc from 'fast-check';
import { type SamplingOptions, samplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { COMMANDS, type Command } from '../../../src/ui/commands.ts';
import { commandOf } from '../../../src/ui/keys.ts';
import { turn } from '../../../src/ui/knobs.ts';
import { presets } from '../../../src/ui/presets.ts';
import { Settings } from '../../../src/ui/state/settings.ts';

const VOCABULARY = 2048;
const begun: SamplingOptions = { temperature: 0.7, topK: 0, topP: 1, seed: 7 };
const settingsOf = (options = begun) => new Settings(options, VOCABULARY);

/** The keys that are about the settings, as they are while text is written. */
const KEYS = [
  't',
  'T',
  'k',
  'K',
  'p',
  'P',
  'm',
  'M',
  'n',
  'N',
  'r',
  'R',
  '0',
  '1',
  '2',
  '3',
  '4',
  'o',
];
const KNOBS = ['temperature', 'topK', 'topP', 'minP', 'topNSigma', 'repetitionPenalty'].flatMap(
  (name) => [`${name}Down`, `${name}Up`],
);
const anyKeys = fc.array(fc.constantFrom(...KEYS, 'g'), { maxLength: 25 });

function press(settings: Settings, key: string): void {
  const command = commandOf(key, 'play')!;
  settings.take(settings.after(command, key)!, command);
}

describe('settings', () => {
  it('begin with what is not as it is by itself', () => {
    expect(settingsOf().options).toEqual({ temperature: 0.7, seed: 7 });
  });

  it('know their commands, and no others', () => {
    const rows: readonly { name: Command; keys: readonly string[] }[] = COMMANDS;
    const own = rows.filter(({ name, keys }) => settingsOf().after(name, keys[0]!)?.seed);
    expect(own.map(({ name }) => name)).toEqual([
      ...KNOBS,
      ...['resetKnobs', 'preset', 'order', 'newSeed', 'undo', 'redo'],
    ]);
  });

  it.each(KEYS.slice(0, 12))('are turned by %s one stop at a time', (key) => {
    const settings = settingsOf({
      ...begun,
      topK: 40,
      topP: 0.5,
      minP: 0.1,
      topNSigma: 1,
      repetitionPenalty: 1.2,
    });
    const before = settings.options;
    press(settings, key);
    const knob = settings.knobs.find(({ keys }) => keys.includes(key))!;
    expect(settings.options).toEqual(turn(before, knob, key === knob.keys[1] ? 1 : -1));
    expect(settings.options[knob.option]).not.toBe(before[knob.option]);
    expect(settings.focus).toBe(knob);
  });

  it.each(presets)('take preset $name, and leave the rest', (preset) => {
    const settings = settingsOf({ ...begun, topNSigma: 1, typicalP: 0.9 });
    press(settings, preset.key);
    expect(settings.options).toEqual({ ...preset.options, seed: 7, typicalP: 0.9 });
  });

  it('go round the orders', () => {
    const own = ['topK', 'temperature'];
    const settings = settingsOf({ ...begun, order: own });
    const seen = [0, 1, 2].map(() => {
      press(settings, 'o');
      return settings.options.order;
    });
    // The first of the presets is how it is by itself.
    expect(seen).toEqual([undefined, 'temperature-last', own]);
    expect(settings.options).toEqual(settings.first);
  });

  it('change nothing but the seed for a new one', () => {
    const settings = settingsOf();
    press(settings, 'g');
    const { seed, ...rest } = settings.options;
    expect(rest).toEqual({ temperature: 0.7 });
    expect(Number.isSafeInteger(seed)).toBe(true);
    expect(seed).not.toBe(7);
  });

  it('are as they began after 0, whatever was done', () => {
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const settings = settingsOf();
        for (const key of [...keys, '0']) press(settings, key);
        expect(settings.options).toEqual(settings.first);
      }),
    );
  });

  it('are undone and done again step by step, each of which changes something', () => {
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const settings = settingsOf();
        const states = [settings.options];
        for (const key of keys) {
          press(settings, key);
          if (settings.options !== states.at(-1)) states.push(settings.options);
        }
        for (const [i, state] of states.entries())
          if (i > 0) expect(state).not.toEqual(states[i - 1]);
        const undone = states.map(() => {
          const { options } = settings;
          press(settings, 'u');
          return options;
        });
        expect(undone).toEqual(states.toReversed());
        expect(settings.options).toBe(states[0]);
        const redone = states.map(() => {
          const { options } = settings;
          press(settings, 'U');
          return options;
        });
        expect(redone).toEqual(states);
      }),
    );
  });

  it('forget what was undone once something else is done', () => {
    const settings = settingsOf();
    for (const key of ['T', 'T', 'u', 'K', 'k']) press(settings, key);
    const { options } = settings;
    press(settings, 'U');
    expect(settings.options).toBe(options);
  });

  it('do not count what the sampler has not taken', () => {
    const settings = settingsOf();
    const { options } = settings;
    settings.after('temperatureUp', 'T');
    press(settings, 'u');
    expect(settings.options).toBe(options);
  });

  it('tell what is set and does nothing', () => {
    const settings = settingsOf({ seed: 7, topP: 0.5, temperature: 0 });
    expect(settings.inactive).toContain('topP');
    expect(settings.inactive).not.toContain('temperature');
    press(settings, '2');
    expect(settings.inactive).not.toContain('topP');
  });

  it('never hold what is as it is by itself', () => {
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const settings = settingsOf();
        for (const key of keys) press(settings, key);
        for (const [name, value] of Object.entries(settings.options)) {
          expect(value).not.toBe(samplingOptions[name as keyof SamplingOptions].default);
          expect(value).toBeDefined();
        }
      }),
    );
  });
});
