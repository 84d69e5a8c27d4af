import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, root } from '../../e2e/folders.ts';
import { Terminal } from '../../e2e/terminal.ts';

const demo = fileURLToPath(new URL('./demo-process.tsx', import.meta.url));

const COLUMNS = 140;
const ROWS = 40;

describe.skipIf(spawnSync('tmux', ['-V']).error)('a real terminal', () => {
  let terminal: Terminal;
  let folder: string;
  beforeAll(async () => {
    folder = emptyFolder();
    terminal = await Terminal.open(COLUMNS, ROWS);
    terminal.enter(`cd ${root}; echo mo""ved`);
    await terminal.shows('moved');
  });
  afterAll(() => terminal.close());

  const settings = (name: string) => readFileSync(join(folder, name), 'utf8');

  /** Starts the demo, and waits for its first frame. */
  async function start(): Promise<void> {
    const stty = (name: string) => `stty -g > ${join(folder, name)}`;
    const run = `${process.execPath} --import tsx ${demo} & echo $! > ${join(folder, 'pid')}; fg`;
    terminal.enter(
      `clear; set -m; ${stty('before')}; ${run}; echo "co""de=$?"; ${stty('after')}; echo do""ne`,
    );
    await terminal.displays(`right ${ROWS - 2}/${ROWS - 2}`);
  }

  const signal = (name: NodeJS.Signals) =>
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), name);

  /** Waits for the shell, and expects its terminal as it was. */
  async function end(code: number): Promise<string> {
    const screen = await terminal.displays('done');
    expect(screen).toContain(`code=${code}`);
    expect(settings('after')).toBe(settings('before'));
    expect(modes()).toBe('0 1 1');
    return screen;
  }

  /** Whether the alternate screen, the cursor and wrapping are on. */
  const modes = () =>
    terminal.run('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim();

  it('is taken and given back', async () => {
    await start();
    expect(modes()).toBe('1 0 0');
    terminal.press('+', '+');
    await terminal.displays('count 2');
    terminal.press('q');
    expect(await end(0)).not.toContain('right');
  });

  it('shows a warning when it is given back, not on the screen', async () => {
    await start();
    terminal.press('w', '+');
    expect(await terminal.displays('count 1')).not.toContain('held back');
    terminal.press('q');
    expect(await end(0)).toContain('Warning: held back');
  });

  it('takes what is pasted for text', async () => {
    await start();
    terminal.run('set-buffer', '++q\nx');
    terminal.run('paste-buffer', '-p');
    terminal.press('+');
    expect(await terminal.displays('count 1')).toContain(`pasted ${JSON.stringify('++q\nx')}`);
    terminal.press('q');
    await end(0);
    // Where nobody asks for marks, none come.
    terminal.enter('cat > /dev/null');
    terminal.run('paste-buffer', '-p');
    terminal.press('Enter', 'C-d');
    terminal.enter('echo clo""sed');
    expect(await terminal.displays('closed')).not.toContain('200~');
  });

  it('is given back on Ctrl-C', async () => {
    await start();
    terminal.press('C-c');
    await end(0);
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ] as const)('is given back on %s', async (name, code) => {
    await start();
    signal(name);
    await end(code);
  });

  it.each([
    ['an error in a key', 'x', 'kelvin: bad key', 1],
    ['a promise nobody awaits', 'u', 'kelvin: bad promise', 1],
    ['a component that throws', 'r', 'caught: broken pane', 1],
    ['process.exit()', 'e', '', 3],
  ])('is given back on %s', async (_, key, message, code) => {
    await start();
    terminal.press(key);
    const screen = await end(code);
    expect(screen).toContain(message);
    expect(screen).not.toMatch(/^ +at /m);
  });

  it('is the shell’s while the process is stopped', async () => {
    await start();
    terminal.press('+');
    await terminal.displays('count 1');
    terminal.press('C-z');
    await end(148);
    terminal.enter('clear; fg; echo "en""ded=$?"');
    await terminal.displays('count 1');
    expect(modes()).toBe('1 0 0');
    terminal.press('+');
    await terminal.displays('count 2');
    terminal.press('q');
    await terminal.displays('ended=0');
    expect(modes()).toBe('0 1 1');
  });

  it('comes back after SIGTSTP', async () => {
    await start();
    signal('SIGTSTP');
    await end(148);
    terminal.enter('clear; fg; echo "en""ded=$?"');
    await terminal.displays('count 0');
    expect(modes()).toBe('1 0 0');
    terminal.press('q');
    await terminal.displays('ended=0');
  });

  it('is taken anew where the process was continued without notice', async () => {
    await start();
    signal('SIGCONT');
    await terminal.shows(/1049h[\s\S]*1049h[\s\S]*right 38/);
    expect(modes()).toBe('1 0 0');
    terminal.press('q');
    await end(0);
  });

  it('is repainted at every size', async () => {
    await start();
    for (const [width, height] of [
      [60, 10],
      [80, 24],
      [COLUMNS, ROWS],
    ]) {
      terminal.resize(width, height);
      const screen = await terminal.displays(`right ${height - 2}/${height - 2}`);
      expect(screen).toContain(`size ${width}x${height}`);
      expect(screen.split('\n')).toHaveLength(height);
      expect(screen.split('\n').at(-1)).toBe('? help');
    }
    terminal.press('q');
    await end(0);
  });

  it('is left in silence when it is closed', async () => {
    const closing = await Terminal.open();
    const pipe = join(folder, 'open');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'ignore', 'inherit'] });
    const errors = join(folder, 'errors');
    closing.enter(`cd ${root}; ${process.execPath} --import tsx ${demo} 9> ${pipe} 2> ${errors}`);
    await closing.displays('right 22/22');
    const ended = once(reader, 'close');
    await closing.close();
    await ended;
    expect(readFileSync(errors, 'utf8')).toBe('');
  });
});
