import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandNames, parseTyped } from '../../../src/cli/chat/commands.ts';
import { complete } from '../../../src/cli/chat/complete.ts';

describe('what is typed', () => {
  it('is a message unless it begins with a slash, and as it was typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.startsWith('/'));
        expect(parseTyped(text)).toEqual({ message: text });
        expect(parseTyped(`//${text}`)).toEqual({ message: `/${text}` });
      }),
    );
  });

  it.each([
    ['/set temperature 0.7', 'set', 'temperature 0.7'],
    ['/set', 'set', ''],
    ['/save  my file.ndjson ', 'save', 'my file.ndjson'],
    ['/system You are\nkind.', 'system', 'You are\nkind.'],
    ['/undo ', 'undo', ''],
  ])('%j is a command', (text, command, argument) => {
    expect(parseTyped(text)).toEqual({ command, argument });
  });

  it.each([
    ['/regenrate', 'unknown command "/regenrate" (did you mean "regenerate"?); /help lists them'],
    ['/', 'unknown command "/"; /help lists them'],
    ['/toString', 'unknown command "/toString"; /help'],
    ['/etc/passwd', '// begins a message with a slash'],
    ['/undo 2', '/undo takes nothing after it, got "2"'],
  ])('%j is refused', (text, message) => {
    expect(() => parseTyped(text)).toThrow(message);
  });
});

describe('the Tab key', () => {
  it.each([
    ['/re', ['/regenerate ']],
    ['/s', ['/set ', '/system ', '/save ']],
    ['/', commandNames.map((name) => `/${name} `)],
    ['/set temp', ['temperature ']],
    ['/set max', ['max-tokens ']],
    ['hello', []],
    ['/undo x', []],
  ])('after %j offers %j', (line, offers) => {
    const [hits, part] = complete(line);
    expect(hits).toEqual(offers);
    for (const hit of hits) expect(hit.startsWith(part)).toBe(true);
    expect(line.endsWith(part)).toBe(true);
  });
});
