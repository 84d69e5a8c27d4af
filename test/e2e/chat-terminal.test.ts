import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatModel } from './chat-model.ts';
import { embedded, emptyFolder } from './folders.ts';
import { kelvin } from './kelvin.ts';
import { Terminal } from './terminal.ts';

const ESCAPE = '\u001B';
const folder = chatModel();
const FLAGS = `-m ${folder} --seed 7 -n 12`;
const ENDLESS = `-m ${folder} -n 400 --logit-bias 0=-inf`;

/** What the model answers to messages, in a pipe. */
async function answers(messages: readonly string[]): Promise<string[]> {
  const input = messages.map((message) => `${message}\n`).join('');
  const { stdout } = await kelvin(['chat', ...FLAGS.split(' '), '--json'], { input });
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).content);
}

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe.skipIf(spawnSync('tmux', ['-V']).error)('a chat at a terminal', () => {
  let terminal: Terminal;
  beforeEach(async () => {
    terminal = await Terminal.open(100, 40);
  });
  afterEach(() => terminal.close());

  const write = (text: string) => terminal.run('send-keys', '-l', text);
  const say = (text: string) => {
    write(text);
    terminal.press('Enter');
  };
  /** Starts a chat and waits for its prompt. */
  const begin = async (flags: string, before = '') => {
    terminal.type(`chat ${flags}`, before);
    await terminal.passes((screen) => expect(screen).toMatch(/\/help lists[^\n]*\n>$/));
  };
  /** The screen with the prompt again below these words. */
  const promptAfter = (words: string) =>
    terminal.passes((screen) => {
      expect(flat(screen)).toContain(flat(words));
      expect(screen.slice(screen.lastIndexOf(words.slice(-4)))).toMatch(/\n>$/);
    });

  it('answers, takes commands, and ends at Ctrl-D', async () => {
    const [first, second] = await answers(['Hello', 'And then?']);
    await begin(FLAGS);
    say('Hello');
    await promptAfter(`> Hello\n${first}`);
    say('And then?');
    await promptAfter(`> And then?\n${second}`);
    say('/set temprature 1');
    await promptAfter('did you mean "temperature"?)');
    say('/set temperature 0.25');
    await promptAfter('temperature  0.25  flag');
    say('/undo');
    await promptAfter('taken back; 1 turn');
    terminal.press('C-d');
    expect(await terminal.displays('code=')).toContain('code=0');
  });

  it('colours /probs, but not with NO_COLOR', async () => {
    await begin(FLAGS);
    say('Hello');
    say('/probs 2');
    await terminal.displays(/\d+ +\S+ +\d+\.\d\d +\S+ % /);
    expect(await terminal.shows('more')).toMatch(/\[0;\d[^m]*mmore/);
    say('/quit');
    await terminal.displays('code=0');
    await begin(FLAGS, 'clear; NO_COLOR=1');
    say('Hello');
    say('/probs 2');
    await terminal.displays(/\d+ +\S+ +\d+\.\d\d +\S+ % /);
    expect(await terminal.shows('more')).not.toMatch(/\[[\d;]*(3|9)\d[\d;]*m/);
  });

  it('goes on with the next line after a backslash, and within what is pasted', async () => {
    const [joined] = await answers(['one\\\ntwo']);
    await begin(FLAGS);
    say('one\\');
    await terminal.displays('\n|');
    say('two');
    await promptAfter(joined!);
    say('/undo');
    await promptAfter('taken back; 0 turns');
    terminal.run('set-buffer', 'one\ntwo');
    terminal.run('paste-buffer', '-p');
    const screen = await terminal.displays(/taken back[\s\S]*\n\| two$/);
    expect(screen).toMatch(/> one\\\n\| two$/);
    terminal.press('Enter');
    await terminal.passes((now) => expect(flat(now).split(flat(joined!))).toHaveLength(3));
  });

  it('completes commands with Tab and brings lines back with Up', async () => {
    await begin(FLAGS);
    write('/se');
    await terminal.displays(/> \/se$/);
    terminal.press('Tab');
    await terminal.displays(/> \/set$/);
    write('typ');
    await terminal.displays(/> \/set typ$/);
    terminal.press('Tab');
    // A Tab that comes in one piece with what follows it counts as pasted.
    await terminal.displays(/> \/set typical-p$/);
    write('0.3');
    terminal.press('Enter');
    await promptAfter('typical-p  0.3  flag');
    expect(terminal.screen()).toContain('> /set typical-p 0.3\n');
    terminal.press('Up', 'BSpace');
    write('8');
    terminal.press('Enter');
    await promptAfter('typical-p  0.8  flag');
  });

  it('stops an answer at Ctrl-C, keeps it, and leaves at the next', async () => {
    const file = join(emptyFolder(), 'talk.ndjson');
    await begin(ENDLESS);
    say('Hello');
    await terminal.displays(/> Hello\n.*\w+ \w+ \w+/);
    // What is typed meanwhile waits.
    write('/save ');
    terminal.press('C-c');
    await terminal.displays(/stopped\n> \/save$/);
    say(file);
    await promptAfter('saved, 1 turn');
    const { content, summary } = JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1)!);
    expect(summary.finishReason).toBe('abort');
    expect(summary.tokens).toBeLessThan(400);
    expect(flat(terminal.screen())).toContain(flat(content).slice(0, 200));
    say('More');
    await terminal.displays(/> More\n.*\w+ \w+ \w+/);
    terminal.press('C-c');
    await terminal.passes((screen) => expect(screen.split('stopped')).toHaveLength(3));
    terminal.press('C-c');
    expect(await terminal.displays('code=')).toContain('code=130');
  });

  it('drops a line at Ctrl-C, and leaves at the second', async () => {
    await begin(FLAGS);
    write('never sent\\');
    terminal.press('Enter', 'C-c');
    await promptAfter('Ctrl-C once more leaves, as does Ctrl-D');
    say('/set top-k 3');
    await promptAfter('top-k  3  flag');
    terminal.press('C-c');
    await terminal.passes((screen) => expect(screen.split('once more')).toHaveLength(3));
    expect(terminal.screen()).not.toContain('code=');
    terminal.press('C-c');
    expect(await terminal.displays('code=')).toContain('code=130');
  });

  it('keeps what is typed during an answer for the prompt after it', async () => {
    await begin(`-m ${folder} --seed 7 -n 400 --logit-bias 0=-inf`);
    say('Hello');
    // Before that the terminal itself may echo what is typed.
    await terminal.displays(/> Hello\n.*\w+ \w+/);
    say('/undo');
    await promptAfter('taken back; 0 turns');
    expect(terminal.screen()).toMatch(/\n> \/undo\ntaken back/);
  });

  it('gives the terminal back as it was', async () => {
    const modes = () => /[\da-f]+(:[\da-f]+){10,}/;
    terminal.enter('stty -g; echo do""ne');
    const before = modes().exec(await terminal.shows('done'))![0];
    for (const leave of [['C-d'], ['C-c', 'C-c']]) {
      terminal.enter('clear');
      await begin(FLAGS);
      terminal.press(...leave);
      const bytes = await terminal.shows('code=');
      expect(bytes.lastIndexOf(`${ESCAPE}[?2004l`)).toBeGreaterThan(
        bytes.lastIndexOf(`${ESCAPE}[?2004h`),
      );
      terminal.enter('stty -g; echo do""ne');
      expect(await terminal.shows('done')).toContain(before);
    }
  });

  it('ends in good order at SIGTERM, in the middle of an answer', async () => {
    await begin(ENDLESS);
    say('Hello');
    await terminal.displays(/> Hello\n.*\w+ \w+ \w+/);
    const shell = terminal.run('display', '-p', '#{pane_pid}').trim();
    spawnSync('sh', ['-c', `kill -TERM $(ps -o pid= --ppid ${shell})`]);
    expect(await terminal.displays('code=')).toContain('code=143');
  });

  it('cannot be driven by the model', async () => {
    const { model } = JSON.parse(readFileSync(join(embedded, 'tokenizer.json'), 'utf8'));
    const token = model.vocab[String.fromCharCode(0x100 + 0x1b)];
    await begin(`-m ${folder} -n 3 --logit-bias ${token}=1000`);
    say('Hello');
    await promptAfter('␛␛␛');
    say('/probs');
    expect(await promptAfter('more')).toContain('␛');
  });

  it('offers completion mode where there is no template', async () => {
    const flags = '--seed 7 -n 12';
    const { stdout } = await kelvin(['generate', 'Tom had', ...flags.split(' ')]);
    terminal.type(`chat ${flags}`);
    const asked = await terminal.displays('instead? [Y/n]');
    expect(asked).toContain('kelvin-story has no chat template');
    terminal.press('Enter');
    await terminal.displays('what is typed is gone on from');
    say('Tom had');
    await promptAfter(`> Tom had\n${stdout}`);
    say('/quit');
    await terminal.displays('code=0');
    terminal.enter('clear');
    terminal.type(`chat ${flags}`);
    await terminal.displays('instead? [Y/n]');
    say('n');
    expect(await terminal.displays('code=')).toContain('code=0');
  });
});
