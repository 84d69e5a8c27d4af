import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedded } from './folders.ts';
import { kelvin } from './kelvin.ts';
import { Terminal } from './terminal.ts';

const ESCAPE = '\u001B';
const ENDLESS = '-n 500 --logit-bias 0=-inf';

/** The token that is the escape character alone, as a byte-level vocabulary writes it. */
function escapeToken(): number {
  const { model } = JSON.parse(readFileSync(join(embedded, 'tokenizer.json'), 'utf8'));
  return model.vocab[String.fromCharCode(0x100 + 0x1b)];
}

describe.skipIf(spawnSync('tmux', ['-V']).error)('in a real terminal', () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await Terminal.open();
  });
  afterAll(() => terminal.close());

  it('shows the prompt and the text after it, then how it went', async () => {
    const { stdout } = await kelvin(['generate', 'Tom had', '-n', '8', '--seed', '7']);
    terminal.run('clear-history');
    terminal.type("generate 'Tom had' -n 8 --seed 7");
    const bytes = await terminal.shows('code=0');
    expect(bytes).toContain(`${ESCAPE}[2mTom had${ESCAPE}[22m${stdout}\r\n`);
    expect(terminal.screen()).toContain(`\nTom had${stdout}\n8 tokens, `);
  });

  it('shows the screen where nothing is asked for, and leaves what was on it', async () => {
    terminal.type('');
    const screen = await terminal.displays(/playing.+token [1-9][\s\S]*next token/);
    const [begun] = /\w+ \w+/.exec(screen.split('\n')[2]!)!;
    terminal.press('q');
    const bytes = await terminal.shows('code=0');
    const left = bytes.slice(bytes.indexOf(`${ESCAPE}[?1049l`));
    expect(left).toContain(begun);
    expect(left).toMatch(/kelvin generate .*--seed \d+/);
  });

  it('cannot be driven by a model, while a pipe gets every byte', async () => {
    const flags = ['-n', '3', '--logit-bias', `${escapeToken()}=1000`];
    const piped = await kelvin(['generate', 'Once', ...flags]);
    expect(piped.stdout).toBe(ESCAPE.repeat(3));
    terminal.type(`generate Once ${flags.join(' ')}`, 'NO_COLOR=1');
    const bytes = await terminal.shows('code=0');
    expect(bytes.slice(bytes.indexOf('\n'))).toContain('Once␛␛␛\r\n');
    expect(bytes.slice(bytes.indexOf('\n'))).not.toContain(ESCAPE);
  });

  it('cannot be driven by a prompt', async () => {
    terminal.type(`generate "$(printf 'a\\033]0;b\\007')" -n 0`, 'NO_COLOR=1');
    const bytes = await terminal.shows('code=0');
    expect(bytes.slice(bytes.indexOf('\n'))).toContain('a␛]0;b␇');
    expect(bytes.slice(bytes.indexOf('\n'))).not.toContain(ESCAPE);
  });

  it.each(['TERM=dumb', 'NO_COLOR=1'])('is not coloured with %s', async (setting) => {
    terminal.type('generate Once -n 1', setting);
    const bytes = await terminal.shows('code=0');
    expect(bytes.slice(bytes.indexOf('\n'))).not.toContain(ESCAPE);
  });

  it('is sane after Ctrl-C', async () => {
    const state = () => terminal.run('display', '-p', '#{cursor_flag} #{alternate_on}');
    const before = state();
    terminal.type(`generate 'Tom had' ${ENDLESS}`, 'stty -g;');
    await terminal.shows(/Tom had\S* \w+ \w+/);
    terminal.run('send-keys', 'C-c');
    const bytes = await terminal.shows('code=');
    expect(bytes).toContain('code=130');
    expect(bytes).toMatch(/\d+ tokens?, interrupted, seed \d+/);
    expect(state()).toBe(before);
    const modes = /[\da-f]+(:[\da-f]+){10,}/.exec(bytes)![0];
    terminal.type('--version; stty -g');
    expect(await terminal.shows('code=0')).toContain(modes);
  });
});
