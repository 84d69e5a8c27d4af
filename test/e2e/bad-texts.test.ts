import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './folders.ts';
import { kelvin, start } from './kelvin.ts';
import { file, LONG, stories } from './measures.ts';

const COMMANDS = ['score', 'calibrate'];
const folder = emptyFolder();
const bytes = Uint8Array.of(0x61, 0xff, 0xfe);
const latin = file(bytes);

describe.concurrent.each(COMMANDS)('%s refuses', (command) => {
  it.each([
    [['/no/such/text'], '', 'text must be a file of UTF-8 text, got "/no/such/text": no such file'],
    [[folder], '', `text must be a file of UTF-8 text, got "${folder}": a folder`],
    [[latin], '', `text must be a file of UTF-8 text, got "${latin}": other bytes`],
    [[], bytes, 'stdin must be UTF-8 text, got other bytes'],
    [[file('')], '', 'text must not be empty'],
    [[file('\n')], '', 'text must not be empty'],
    [['-'], '', 'text must not be empty'],
    [[], 'a', 'text must have at least 2 tokens, got 1'],
    [['a', 'b'], '', `too many arguments for '${command}'. Expected 1 argument but got 2.`],
    [['--temperature', '1'], '', "unknown option '--temperature'"],
  ] as const)('%j', async (args, input, message) => {
    for (const format of [[], ['--json']]) {
      const run = await kelvin([command, ...args, ...format], { input });
      expect(run).toMatchObject({ code: 2, stdout: '', stderr: `kelvin: ${message}\n` });
    }
  });

  it('a model that is not there, before it reads stdin', async () => {
    const run = await kelvin([command, '-m', '/no/such/model'], { input: null });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^kelvin: .*\/no\/such\/model.*\n$/);
  });
});

describe.each(COMMANDS)('%s', (command) => {
  it.skipIf(!existsSync('/dev/full'))('fails where the disk is full', async () => {
    const stdout = openSync('/dev/full', 'w');
    const run = await kelvin([command, stories], { stdout });
    closeSync(stdout);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^kelvin: cannot write to stdout: ENOSPC: no space left.*\n$/);
  });
});

it('score tells no summary after Ctrl-C', async () => {
  const { child, ended } = start(['score'], { input: LONG });
  child.stdout.once('data', () => child.kill('SIGINT'));
  const run = await ended;
  expect(run).toMatchObject({ code: 130, stderr: 'interrupted\n' });
  expect(run.stdout).toMatch(/^\{"index":0,/);
  expect(run.stdout).not.toContain('"summary"');
});

it('score ends quietly where the reader goes away', async () => {
  const { child, ended } = start(['score', stories]);
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});
