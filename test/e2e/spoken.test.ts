import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder } from './folders.ts';
import { kelvin, main } from './kelvin.ts';
import { Terminal } from './terminal.ts';

const ESCAPE = '\u001B';
const STORY = "tune 'Tom had' -n 12 --seed 7 --temperature 0.75";

describe.skipIf(spawnSync('tmux', ['-V']).error)('kelvin tune for a screen reader', () => {
  let terminal: Terminal;
  let folder: string;
  beforeAll(async () => {
    folder = emptyFolder();
    terminal = await Terminal.open(100, 50);
  });
  afterAll(() => terminal.close());

  const settings = (name: string) => readFileSync(join(folder, name), 'utf8');

  /** Starts it, and waits until the text is written. */
  async function start(flags = '--screen-reader', before = ''): Promise<void> {
    terminal.enter(
      `stty -g > ${join(folder, 'before')}; ${before} ${process.execPath} ${main} ${STORY} ${flags}; ` +
        `echo "co""de=$?"; stty -g > ${join(folder, 'after')}; echo do""ne`,
    );
    await terminal.shows(/This seed draws .*\r\n/);
  }

  /** Waits for the shell, and expects its terminal as it was. */
  async function end(code = 0): Promise<string> {
    const bytes = await terminal.shows('done');
    expect(bytes).toContain(`code=${code}`);
    expect(settings('after')).toBe(settings('before'));
    return bytes.slice(bytes.indexOf('\n') + 1);
  }

  it('writes lines, and nothing that moves, paints or hides', async () => {
    const { stdout } = await kelvin([
      ...['generate', 'Tom had', '-n', '12', '--seed', '7', '--temperature', '0.75'],
    ]);
    await start();
    terminal.press('T');
    await terminal.shows(/Temperature 0.80, was 0.75.\r\nNext: .* percent/);
    terminal.press('?');
    await terminal.shows('control-c: quit');
    terminal.press('q');
    const bytes = await end();
    expect(bytes.replaceAll(/\s+/g, ' ')).toContain(
      `Playing. ${stdout.trim()}`.replaceAll(/\s+/g, ' '),
    );
    expect(bytes).toContain('Paused, after 12 tokens.');
    // The settings one leaves with, as on the screen.
    expect(bytes.replaceAll(/\s+/g, ' ')).toContain(
      "kelvin generate 'Tom had' --temperature 0.8 --seed 7 --max-tokens 12 code=0",
    );
    // Only what keeps pasted text from being keys.
    expect(
      bytes
        .split(ESCAPE)
        .slice(1)
        .map((after) => after.slice(0, 7)),
    ).toEqual(['[?2004h', '[?2004l']);
  });

  it('is what INK_SCREEN_READER asks for, too', async () => {
    await start('', 'INK_SCREEN_READER=true');
    terminal.press('q');
    expect(await end()).not.toContain(`${ESCAPE}[?1049h`);
  });

  it('is left by Ctrl-C and by a signal, with the terminal as it was', async () => {
    await start();
    terminal.press('C-c');
    await end();
    await start(`--screen-reader & echo $! > ${join(folder, 'pid')}; fg`);
    process.kill(Number(settings('pid')), 'SIGTERM');
    await end(143);
  });

  it('takes a paste for text where text is written, and says so elsewhere', async () => {
    await start();
    terminal.run('set-buffer', 'q is\na letter');
    terminal.run('paste-buffer', '-p');
    await terminal.shows('pasted text is for the prompt');
    terminal.press('e');
    await terminal.shows('Edit the prompt.');
    terminal.run('paste-buffer', '-p');
    await terminal.shows('Inserted: q is\r\na letter');
    terminal.press('Enter');
    await terminal.shows('Prompt: Tom hadq is\r\na letter');
    terminal.press('q');
    await end();
  });
});

describe.skipIf(spawnSync('tmux', ['-V']).error)('kelvin tune', () => {
  it('takes a paste for text where text is written, and for nothing elsewhere', async () => {
    const terminal = await Terminal.open(100, 34);
    try {
      terminal.type(STORY);
      await terminal.displays('paused');
      terminal.run('set-buffer', 'q is\na letter');
      terminal.run('paste-buffer', '-p');
      await terminal.displays('pasted text is for the prompt');
      terminal.press('e');
      await terminal.displays('takes it');
      terminal.run('paste-buffer', '-p');
      await terminal.displays(/Tom hadq is⏎\s+a letter/);
      terminal.press('C-c');
      await terminal.shows('code=0');
    } finally {
      await terminal.close();
    }
  });
});
