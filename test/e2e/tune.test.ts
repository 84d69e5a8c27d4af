// The terminal UI as a person uses it, key by key.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, loadModel } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder } from './folders.ts';
import { Terminal } from './terminal.ts';

const PROMPT = 'Once upon a time';
const FLAGS = '--seed 7 -n 20 --pace inf';

describe.skipIf(spawnSync('tmux', ['-V']).error).each([
  [80, 24],
  [140, 40],
])('the screen of %i x %i', (columns, rows) => {
  const isWide = columns > 100;
  let terminal: Terminal;
  let folder: string;
  let story: string;

  beforeAll(async () => {
    folder = emptyFolder();
    terminal = await Terminal.open(columns, rows);
    // Nobody else's models are in its menu.
    terminal.enter(`cd ${folder}; export HF_HUB_CACHE=${emptyFolder()}`);
    terminal.type(`tune '${PROMPT}' ${FLAGS}`);
    const model = await loadModel();
    const generation = generate(model, PROMPT, { seed: 7, maxTokens: 20 });
    story = (await generation.result()).text;
    await model.dispose();
  });
  afterAll(() => terminal.close());

  const press = (...keys: string[]) => terminal.press(...keys);
  const displays = (text: string | RegExp) => terminal.displays(text);
  const passes = (check: (screen: string) => void) => terminal.passes(check);
  const status = (screen: string) => screen.split('\n')[0]!;
  /** The rows between the status and the keys, as words. */
  const words = (screen: string) => screen.split('\n').slice(1, -1).join(' ').replace(/\s+/g, ' ');
  const candidates = (screen: string) =>
    screen
      .split('\n')
      .slice(2, isWide ? 19 : 11)
      .map((line) => line.slice(line.indexOf('│')))
      .join('\n');
  const beginning = (text: string, length = 20) => text.trim().slice(0, length);

  it('plays by itself, and rests at the limit', async () => {
    const screen = await displays(/paused +token 20\/20/);
    expect(status(screen)).toMatch(
      /^ kelvin · kelvin-story +‖ paused +token 20\/20 +seed 7 +τ \.70$/,
    );
    const shown = screen
      .split('\n')
      .slice(2, 8)
      .map((line) => line.split('│')[0]!.trim());
    expect(shown.join(' ').replace(/\s+/g, ' ')).toContain(`${PROMPT}${story}`.trim());
    expect(screen).toContain('next token');
    expect(screen).toContain('coherence × diversity');
  });

  it.each([
    ['T', 'τ .75'],
    ['t', 'τ .70'],
    ['k', 'k 2000'],
    ['K', 'τ .70'],
    ['p', 'p .99'],
    ['P', 'τ .70'],
    ['M', 'm .01'],
    ['m', 'τ .70'],
    ['n', 'nσ 3'],
    ['N', 'τ .70'],
    ['R', 'r 1.02'],
    ['r', 'τ .70'],
  ])('turns a knob with %s: %s', async (key, summary) => {
    const before = terminal.screen();
    press(key);
    await passes((screen) => {
      expect(status(screen)).toMatch(new RegExp(` ${summary.replaceAll('.', '\\.')}( |$)`));
      if (summary === 'τ .70') expect(status(screen)).toMatch(/seed 7 +τ \.70$/);
      expect(candidates(screen)).not.toBe(candidates(before));
      expect(status(screen)).toContain('token 20/20');
    });
  });

  it('undoes and does again, goes round the orders and back to the start', async () => {
    press('T', 'T');
    await displays('τ .80');
    press('u');
    await displays('τ .75');
    press('u');
    await displays('τ .70');
    press('U', 'U');
    await displays('τ .80');
    press('p', 'o');
    await displays('p .99 τ .80');
    press('o');
    await displays('τ .80 p .99');
    press('0');
    await displays(/ τ \.70\n/);
  });

  it('takes a new seed, and the old one back', async () => {
    press('g');
    await passes((screen) => expect(status(screen)).toMatch(/seed (?!7 )\d+/));
    press('u');
    await displays('seed 7 ');
  });

  it('walks back and on, to the start and the end', async () => {
    press('Left', 'Left', 'Left');
    await displays('token 17 of 20');
    press('Right');
    await displays('token 18 of 20');
    press('Home');
    await displays('token 0 of 20');
    expect(words(terminal.screen())).toContain(beginning(story));
    press('End');
    await displays('token 20/20');
  });

  it('walks in larger steps', async () => {
    press('.');
    await displays('steps of a word');
    press('.');
    await displays('steps of a sentence');
    press('Left');
    await passes((screen) => expect(status(screen)).toMatch(/token \d+ of 20/));
    const place = Number(/token (\d+) of/.exec(terminal.screen())![1]);
    expect(place).toBeLessThan(19);
    press('Right');
    await displays('token 20/20');
    press(',', ',');
    await displays('steps of a token');
  });

  it('draws one token after another at the end', async () => {
    press('Right', 'Right', 'Right');
    await displays('token 23/40');
    press('Left', 'Left', 'Left');
    await displays('token 20 of 23');
  });

  it('branches at a token of one’s choice, and keeps both texts', async () => {
    press('Home');
    await displays('token 0 of 23');
    press('Down');
    press('Down');
    press('Up');
    press('Enter');
    const screen = await displays(/paused +token 20\/20.*branch 2 of 2/);
    expect(words(screen)).not.toContain(beginning(story));
    press('b');
    await displays('branch 1 of 2');
    expect(words(terminal.screen())).toContain(beginning(story));
    press('B');
    await displays('branch 2 of 2');
    press('B');
    await displays('branch 1 of 2');
    press('End');
    await displays('token 23/40');
  });

  it('explains a token with the numbers of its row', async () => {
    press('Down', 'Up', 'x');
    const screen = await displays('e^(z/τ−max)');
    const number = (name: string) =>
      Number(new RegExp(`^ ${name} +([\\d.−]+)`, 'm').exec(screen)![1]!.replace('−', '-'));
    const [, raw, shaped] = /·\S+ +[█▌▀▄▙▛▘▖]+ +([\d.]+) +([\d.]+)/.exec(screen)!;
    expect(number('raw p')).toBeCloseTo(Number(raw) / 100, 3);
    expect(number('q')).toBeCloseTo(Number(shaped) / 100, 3);
    expect(number('e\\^\\(z/τ−max\\)') / number('Z')).toBeCloseTo(number('q'), 3);
    expect(number('z') / 0.7).toBeCloseTo(number('z/τ'), 2);
    press('T');
    await passes((screen) => expect(screen).not.toContain(` q            ${number('q')}`));
    press('t');
    press('Escape');
    await displays('controls');
  });

  it('compares two settings, and shows where they part', async () => {
    press('c');
    await passes((screen) => expect(screen.split('\n')[2]).toMatch(/^ τ \.70 +│ τ \.70$/));
    press(...Array(16).fill('T'));
    const side = (screen: string, at: 0 | 1) =>
      screen
        .split('\n')
        .slice(3, -2)
        .map((line) => line.split('│')[at] ?? '')
        .join('')
        .replace(/\s/g, '');
    const screen = await passes((screen) => {
      expect(screen.split('\n')[2]).toMatch(/^ τ \.70 +│ τ 1\.50$/);
      expect(screen).toContain('▸');
      const whole = (PROMPT + story).replace(/\s/g, '');
      expect(side(screen, 0).replace('▸', '')).toContain(whole);
    });
    const [left, right] = [side(screen, 0), side(screen, 1)];
    // Up to the sign they are the same, and after it not.
    const [marked, other] = left.includes('▸') ? [left, right] : [right, left];
    const [same, rest] = marked.split('▸') as [string, string];
    expect(other.replace('▸', '').startsWith(same)).toBe(true);
    expect(other.replace('▸', '').slice(same.length)).not.toBe(rest);
    press('0', 'Escape');
    await displays('controls');
    await displays(/ τ \.70\n/);
  });

  it('sweeps in the background, and can be stopped', async () => {
    press('s');
    await displays(/\d+\/36 (running|done)/);
    press('s');
    await displays('controls');
    press('a');
    await displays('the text: coherence');
    await displays(/\d\.\d0○|○\d\.\d0/);
    press('s');
    await displays('36 ');
    if (terminal.screen().includes('running')) {
      press('Escape');
      // Where it was done before it could be stopped, that led to the text.
      await displays(/\d+\/36 (stopped|done)|controls/);
    }
    press('Escape');
    await displays('controls');
    press('a');
    await displays('─ coherence × diversity ─');
  });

  it('writes the session and the settings to files, but never over one', async () => {
    const write = async (item: string, downs: number, name: string) => {
      press('w');
      await displays('settings as TypeScript');
      for (let i = 0; i < downs; i++) press('Down');
      await displays(item);
      press('Enter');
      await displays(`written to ${name}`);
      return readFileSync(join(folder, name), 'utf8');
    };
    const code = await write(
      "import { generate, loadModel } from 'kelvin'",
      2,
      'kelvin-settings.ts',
    );
    expect(code).toContain('seed: 7');
    await write("import { generate, loadModel } from 'kelvin'", 2, 'kelvin-settings-2.ts');
    expect(readFileSync(join(folder, 'kelvin-settings.ts'), 'utf8')).toBe(code);
    const session = await write('kelvin replay', 0, 'kelvin-session.ndjson');
    expect(session.split('\n')[0]).toContain('"kelvin":"session"');
  });

  it('helps with every key', async () => {
    press('?');
    await displays('play / pause');
    const seen = new Set<string>();
    const look = (screen: string) => {
      for (const line of screen.split('\n').slice(1, -1)) seen.add(line.trim());
    };
    look(terminal.screen());
    for (let i = 0; i < 30; i++) press('Down');
    look(await displays('to the shell; fg comes back'));
    const all = [...seen].join('\n');
    const { helpRows } = await import('../../src/ui/keys.ts');
    for (const { help } of helpRows()) expect(all).toContain(help);
    press('Escape');
    await displays('controls');
  });

  it('keeps the model where another one cannot be loaded', async () => {
    press('l');
    await displays('a folder ...');
    press('Down', 'Enter');
    await displays('model folder');
    terminal.run('send-keys', '-l', 'no such folder');
    await displays('no such folder');
    press('Enter');
    await passes((screen) => expect(status(screen)).toMatch(/: no such folder;/));
    press('Right');
    await displays(/kelvin-story +‖ paused/);
  });

  it('goes on from another prompt', async () => {
    press('e');
    await displays(PROMPT);
    press('C-u');
    terminal.run('send-keys', '-l', 'Tom had a');
    await displays('Tom had a');
    press('Enter');
    const screen = await displays(/paused +token 20\/20/);
    expect(words(screen)).toContain('Tom had a');
    expect(words(screen)).not.toContain(PROMPT);
  });

  it('leaves the terminal as it was', async () => {
    press('q');
    expect(await terminal.shows('code=0')).toContain('\u001B[?1049l');
    expect(terminal.run('display', '-p', '#{cursor_flag} #{alternate_on}').trim()).toBe('1 0');
  });
});
