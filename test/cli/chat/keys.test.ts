import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { Keys } from '../../../src/cli/chat/keys.ts';

const BEGIN = '\u001B[200~';
const END = '\u001B[201~';

/** What an editor is given of what a terminal sends. */
async function typed(chunks: readonly string[], prepare = (_: Keys) => {}): Promise<string> {
  const terminal = new PassThrough();
  const keys = new Keys(terminal as unknown as NodeJS.ReadStream);
  prepare(keys);
  for (const chunk of chunks) terminal.write(chunk);
  terminal.end();
  let text = '';
  for await (const chunk of keys) text += chunk;
  return text;
}

it.each([
  ['plain keys', 'hé🙂\r\u001B[A\u0003', 'hé🙂\r\u001B[A\u0003'],
  ['a paste of one line', `${BEGIN}a b${END}!`, 'a b!'],
  ['a paste of lines', `${BEGIN}a\r\nb\rc\nd${END}\r`, 'a\\\rb\\\rc\\\rd\r'],
  ['the line break at the end of a paste', `${BEGIN}a\n${END}\r`, 'a\r'],
  ['a paste that would drive the editor', `${BEGIN}a\u0003\u0004\u001B[Ab\tc${END}`, 'a[Ab\tc'],
  ['a mark that is none', '\u001B[2~x', '\u001B[2~x'],
])('%s', async (_, sent, given) => {
  expect(await typed([sent])).toBe(given);
});

it('does not depend on how the terminal cuts what it sends', async () => {
  const sent = `say ${BEGIN}one\ntwo${END} more\u001B[A\r`;
  const whole = await typed([sent]);
  expect(whole).toBe('say one\\\rtwo more\u001B[A\r');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: sent.length - 1 }), { maxLength: 6 }),
      async (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), sent.length];
        const chunks = edges.slice(1).map((edge, i) => sent.slice(edges[i], edge));
        expect(await typed(chunks)).toBe(whole);
      },
    ),
  );
});

it('tells of Ctrl-C while it is listened to, and keeps what else is typed', async () => {
  const interrupt = vi.fn();
  const listening = (keys: Keys) => {
    keys.interrupt = interrupt;
  };
  expect(await typed(['ahead\r', 'before\u0003after'], listening)).toBe('ahead\rbeforeafter');
  expect(interrupt).toHaveBeenCalledOnce();
});
