// How the terminal UI begins and ends, and what it does to the terminal it runs in.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { variant } from '../model/variant.ts';
import { embedded } from './folders.ts';
import { kelvin } from './kelvin.ts';
import { Terminal } from './terminal.ts';

const ESCAPE = '\u001B';
const ENDLESS = "tune 'Once upon a time' --seed 7 -n 500 --logit-bias 0=-inf";
const SIZES = [
  [140, 40],
  [60, 16],
  [40, 8],
  [20, 5],
  [80, 24],
] as const;

it('needs a terminal, and says so in a line', async () => {
  const run = await kelvin(['tune', 'Once']);
  expect(run.code).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toMatch(/^kelvin: tune needs a terminal; .*\n$/);
});

describe.skipIf(spawnSync('tmux', ['-V']).error)('in a real terminal', () => {
  let terminal: Terminal;
  beforeEach(async () => {
    terminal = await Terminal.open();
  });
  afterEach(() => terminal.close());

  const state = () => terminal.run('display', '-p', '#{cursor_flag} #{alternate_on}').trim();
  const press = (...keys: string[]) => terminal.press(...keys);
  const displays = (text: string | RegExp) => terminal.displays(text);

  /** Starts, and leaves in some way: the terminal is then what it was. */
  async function expectSane(code: number, leave: () => Promise<void>): Promise<void> {
    terminal.type(ENDLESS, 'stty -g;');
    await displays(/playing.*token [1-9]/);
    expect(state()).toBe('0 1');
    await leave();
    const bytes = await terminal.shows(`code=${code}`);
    expect(bytes.split(`${ESCAPE}[?1049l`)).toHaveLength(bytes.split(`${ESCAPE}[?1049h`).length);
    expect(state()).toBe('1 0');
    const modes = /[\da-f]+(:[\da-f]+){10,}/.exec(bytes)![0];
    terminal.enter('stty -g; echo do""ne');
    expect(await terminal.shows('done')).toContain(modes);
  }

  const signal = (name: string) => async () => {
    const shell = terminal.run('display', '-p', '#{pane_pid}').trim();
    spawnSync('pkill', [`-${name}`, '-P', shell, 'node']);
  };

  it.each<[string, number, () => Promise<void>]>([
    ['q', 0, async () => press('q')],
    ['Ctrl-C', 0, async () => press('C-c')],
    ['SIGTERM', 143, signal('TERM')],
    ['SIGINT', 130, signal('INT')],
  ])('is sane after %s', (_, code, leave) => expectSane(code, leave));

  it('is the shell’s while it is suspended', async () => {
    await expectSane(0, async () => {
      press('C-z');
      await terminal.shows(/[Ss]topped|Suspended/);
      expect(state()).toBe('1 0');
      terminal.run('send-keys', 'echo he""re; fg; echo "co""de=$?"', 'Enter');
      await terminal.shows('here');
      await displays(/playing.*token \d/);
      expect(state()).toBe('0 1');
      press('q');
    });
  });

  it('plays at a pace that one sets, under settings that one sets meanwhile', async () => {
    terminal.type(ENDLESS);
    await displays(/playing.*token [1-9]/);
    press(',', ',', ',');
    await displays('at most 2 tokens a second');
    press('1');
    await displays(/playing.* τ \.20 p \.95/);
    press('Space');
    await displays('‖ paused');
    press('.', ',');
    await displays('steps of a token');
    press('q');
    await terminal.shows('code=0');
  });

  it('is filled at every size it takes, without what was there before', async () => {
    terminal.type(ENDLESS);
    await displays(/playing.*token [1-9]/);
    for (const [columns, rows] of SIZES) {
      terminal.resize(columns, rows);
      await terminal.passes((screen) => {
        const lines = screen.split('\n');
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(lines[0]).toMatch(rows > 5 ? /playing|ended|token/ : /\S/);
        expect(screen.match(/play(ing)?\b.*token/g)?.length ?? 0).toBeLessThanOrEqual(1);
        const walls = lines.filter((line) => /│/.test(line)).length;
        if (rows === 40 || rows === 24) expect(lines.at(-1)).toContain('q quit');
        else expect(walls).toBe(0);
        if (rows === 5) expect(lines.at(-1)).toMatch(/^too small/);
        else expect(screen).not.toContain('too small');
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      });
    }
    press('q');
    await terminal.shows('code=0');
  });

  it('shows the same after it was another size for a while', async () => {
    terminal.type("tune 'Once upon a time' --seed 7 -n 12 --pace inf");
    // The prompt's own point and what comes next at rest are the last that come in.
    await displays(/paused +token 12\/12[\s\S]*▸·play[\s\S]*◆/);
    /** All but the plot, whose axes go as far as anything that was seen. */
    const lasting = (screen: string) =>
      screen
        .split('\n')
        .map((line, y) => (y < 13 || y > 20 ? line : line.slice(0, 46)))
        .join('\n');
    const settled = lasting(terminal.screen());
    for (const [columns, rows] of SIZES) terminal.resize(columns, rows);
    await terminal.passes((screen) => expect(lasting(screen)).toBe(settled));
    press('q');
    await terminal.shows('code=0');
  });

  it('sends no colour where none is wanted', async () => {
    terminal.type("tune 'Once upon a time' --seed 7 -n 12 --pace inf", 'NO_COLOR=1');
    await displays(/paused +token 12\/12/);
    press('T', 'x');
    await displays('e^(z/τ−max)');
    press('q');
    const bytes = await terminal.shows('code=0');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for.
    const looks = [...bytes.matchAll(/\u001B\[([\d;:]*)m/g)].flatMap(([, codes]) =>
      codes!.split(';'),
    );
    expect(looks).toContain('1');
    expect(looks.filter((code) => Number(code) >= 30)).toEqual([]);
  });

  it('is drawn with ASCII alone where that is asked for', async () => {
    terminal.type("tune 'Once upon a time' --seed 7 -n 12 --pace inf --ascii --top-k 40");
    await displays(/paused +token 12\/12/);
    for (const [key, shown] of [
      ['x', 'unchanged'],
      ['c', 'speed'],
      ['s', 'coherence'],
      ['?', 'play / pause'],
      ['w', 'settings as'],
      ['l', 'a folder'],
      ['e', 'Once upon'],
    ] as const) {
      press(key);
      expect(await displays(shown)).toMatch(/^[\n -~]*$/);
      // Escape would first stop what is still measured.
      press(key === 's' ? 's' : 'Escape');
      expect(await displays('controls')).toMatch(/^[\n -~]*$/);
    }
    press('q');
    await terminal.shows('code=0');
  });

  it('cannot be driven by the tokens of a model', async () => {
    const tokenizer = JSON.parse(readFileSync(join(embedded, 'tokenizer.json'), 'utf8'));
    const byte = (code: number) =>
      tokenizer.model.vocab[String.fromCharCode(code < 0x21 ? 0x100 + code : code)] as number;
    // ESC ] 0 ; BEL, and carriage return: a title, and back to the start of the line.
    const biases = [0x1b, 0x5d, 0x07, 0x0d, 0x08].map((code) => `--logit-bias ${byte(code)}=1000`);
    const folder = variant({}, embedded);
    terminal.type(`tune Once -m ${folder} --seed 7 -n 12 --pace inf ${biases.join(' ')}`);
    const screen = await displays(/paused +token 12\/12/);
    expect(screen).toMatch(/Once.*[␛␇␍␈\]]{5}/);
    press('q');
    const bytes = await terminal.shows('code=0');
    expect(bytes).not.toContain(`${ESCAPE}]`);
    expect(bytes).not.toContain('\u0007');
    expect(terminal.run('display', '-p', '#{pane_title}')).not.toContain(';');
  });

  it.each<[string, string, RegExp]>([
    ['a model that is not there', '-m /nowhere/model', /nowhere/],
    ['flags that make no sense', '--top-k -3', /top-k|topK/],
    ['a pace that is none', '--pace 0', /pace/],
  ])('says in a line what is wrong with %s', async (_, flags, what) => {
    terminal.type(`tune Once ${flags}`);
    const bytes = await terminal.shows(/code=[12]/);
    expect(bytes).toMatch(what);
    expect(bytes).not.toContain(`${ESCAPE}[?1049h`);
    expect(bytes).not.toMatch(/^\s+at /m);
  });

  it('is left while another model is loaded, and keeps neither', async () => {
    terminal.type(ENDLESS);
    await displays(/playing.*token [1-9]/);
    press('l');
    await displays('a folder ...');
    press('Enter', 'q');
    expect(await terminal.shows(/code=\d/)).toContain('code=0');
    expect(state()).toBe('1 0');
  });

  it('tells on the screen of a model that is broken, and of a prompt that is too long', async () => {
    const broken = variant({ 'tokenizer.json': 'no JSON' }, embedded);
    terminal.type(`tune Once -m ${broken}`);
    const failed = await displays(/tokenizer/);
    expect(failed).not.toMatch(/^\s+at /m);
    // What would have held, from the model's own file, and the keys that mean something now.
    expect(failed).toMatch(/■ failed.* τ \.70$/m);
    expect(failed).toMatch(/^ temperature +0\.70 /m);
    expect(failed.split('\n').at(-1)).toBe(' e prompt  l model  ? help  q quit');
    press('Space');
    await displays('l loads another model');
    press('q');
    await terminal.shows('code=0');
    terminal.type(`tune "$(yes the | head -2000 | tr '\\n' ' ')"`);
    const screen = await displays(/too long|at most/);
    expect(screen).not.toMatch(/^\s+at /m);
    press('e');
    press('C-u');
    terminal.run('send-keys', '-l', 'Tom had');
    await displays('Tom had');
    press('Enter');
    await displays(/playing.*token [1-9]/);
    press('q');
    await terminal.shows('code=0');
  });
});
