import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { COMMANDS, type Mode } from '../../src/ui/commands.ts';
import { matchKeys } from '../../src/ui/key-names.ts';
import { commandOf, helpRows } from '../../src/ui/keys.ts';

const key = (pressed: Partial<Key> = {}) => pressed as Key;

describe('the names of keys', () => {
  it.each<[string, Key, string[]]>([
    ['t', key(), ['t']],
    ['T', key({ shift: true }), ['T']],
    ['+++', key(), ['+', '+', '+']],
    ['tTt', key(), ['t', 'T', 't']],
    [' ', key(), ['space']],
    ['', key({ leftArrow: true }), ['left']],
    ['', key({ upArrow: true, shift: true }), ['shift-up']],
    ['', key({ rightArrow: true, ctrl: true }), ['ctrl-right']],
    ['', key({ pageDown: true }), ['pagedown']],
    ['', key({ home: true }), ['home']],
    ['\r', key({ return: true }), ['return']],
    ['\n', key(), ['return']],
    ['t\r', key(), ['t', 'return']],
    ['\t', key({ tab: true }), ['tab']],
    ['', key({ tab: true, shift: true }), ['shift-tab']],
    ['', key({ escape: true, meta: true }), ['escape']],
    ['', key({ delete: true }), ['backspace']],
    ['', key({ backspace: true }), ['backspace']],
    ['c', key({ ctrl: true }), ['ctrl-c']],
    ['\u0003t', key(), ['ctrl-c', 't']],
    ['b', key({ meta: true }), ['alt-b']],
    ['中', key(), ['中']],
    ['[', key(), ['[']],
    ['', key(), []],
    ['[<0;10;5M', key(), []],
    ['[<64;1;1m', key(), []],
    ['[200~', key(), []],
    ['[201~', key(), []],
    ['[I', key(), []],
    ['[1;5P', key(), []],
    ['OM', key(), []],
  ])('%j %j: %j', (input, pressed, names) => {
    expect(matchKeys(input, pressed)).toEqual(names);
  });
});

describe('the table of commands', () => {
  const modes = [...new Set(COMMANDS.flatMap(({ modes }): readonly Mode[] => modes))];

  it.each(modes)('gives each key one meaning in mode %s', (mode) => {
    const keys = COMMANDS.filter((row) => (row.modes as readonly Mode[]).includes(mode)).flatMap(
      (row): readonly string[] => row.keys,
    );
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('has a way out of every mode', () => {
    for (const mode of modes) {
      expect(commandOf('ctrl-c', mode)).toBe('quit');
      if (!['empty', 'play', 'pause'].includes(mode))
        expect(commandOf('escape', mode)).toBe('back');
    }
  });

  it('leaves letters to the text where text is written', () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz?0129')
      expect(commandOf(letter, 'edit')).toBeUndefined();
  });

  it('knows what a key does where', () => {
    expect(commandOf('space', 'play')).toBe('pause');
    expect(commandOf('space', 'pause')).toBe('play');
    expect(commandOf('space', 'compare')).toBe('writeAgain');
    for (const mode of ['play', 'pause', 'explain', 'compare'] as const)
      expect(commandOf('1', mode)).toBe('preset');
    expect(commandOf('t', 'explain')).toBe('temperatureDown');
    expect(commandOf('~', 'play')).toBeUndefined();
  });

  it('helps with every key, pairs on one row', () => {
    expect(helpRows('play')).toContainEqual({
      ...{ brief: 'temp', help: 'temperature down / up', keys: ['t', 'T'] },
    });
    const shown = helpRows().flatMap(({ keys }) => keys);
    for (const { keys } of COMMANDS) expect(shown).toEqual(expect.arrayContaining([...keys]));
    expect(shown).toEqual([...new Set(shown)]);
    expect(helpRows('edit').map(({ help }) => help)).not.toContain('preset');
  });
});
