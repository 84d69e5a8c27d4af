import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './folders.ts';
import { kelvin, start } from './kelvin.ts';
import { joined, told } from './ndjson.ts';

const SHORT = ['-n', '4', '--seed', '1'];

describe.concurrent('the prompt', () => {
  it('is the argument, stdin, or the argument and then stdin', async () => {
    const [argument, stdin, both] = await Promise.all([
      told(['The little robot', ...SHORT]),
      told(SHORT, 'The little robot\n'),
      told(['The little', ...SHORT], ' robot\n'),
    ]);
    for (const { summary } of [argument, stdin, both]) {
      expect(summary.prompt).toBe('The little robot');
      expect(summary.promptTokens).toBe(argument.summary.promptTokens);
      expect(summary.text).toBe(joined(argument.steps));
    }
  });

  it('loses only the one line break that shells put at the end of stdin', async () => {
    const { summary } = await told(['-n', '0'], 'Once\nupon\r\n\r\n');
    expect(summary.prompt).toBe('Once\nupon\r\n');
  });

  it('may be empty, and begins a new text then', async () => {
    const { steps, summary } = await told(['', ...SHORT]);
    expect(summary).toMatchObject({ prompt: '', promptTokens: 1, tokens: 4 });
    expect(joined(steps)).toMatch(/\w/);
  });

  it('is refused where stdin is not text', async () => {
    const run = await kelvin(['generate'], { input: Uint8Array.of(0x61, 0xff, 0xfe) });
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'kelvin: stdin must be UTF-8 text, got other bytes\n',
    });
  });

  it.each([
    [['generate', 'Once', '-n', '2']],
    [['sweep', 'Once', '-n', '2', '--samples', '1']],
    [['chat', '--completion']],
    [['score']],
    [['calibrate', '-']],
    [['softmax']],
    [['replay', '-']],
  ])('is refused where stdin is a folder: %j', async (args) => {
    const stdin = openSync(emptyFolder(), 'r');
    const run = await kelvin(args, { stdin });
    closeSync(stdin);
    const stderr = 'kelvin: stdin must be readable, got a folder\n';
    expect(run).toMatchObject({ code: 2, stdout: '', stderr });
  });

  it('is refused where stdin is open for writing alone', async () => {
    const stdin = openSync(join(emptyFolder(), 'text'), 'w');
    const run = await kelvin(['score'], { stdin });
    closeSync(stdin);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('got one that is open for writing alone\n');
  });

  it('is refused where it is longer than the context, with both lengths', async () => {
    const run = await kelvin(['generate'], { input: 'one day '.repeat(2000) });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    const [, allowed, got] = /^kelvin: prompt\b.* (\d+) tokens.* (\d+)\n$/.exec(run.stderr)!;
    expect(Number(allowed)).toBe(512);
    expect(Number(got)).toBeGreaterThan(512);
  });

  it('may begin with a dash, behind --', async () => {
    const { summary } = await told(['-n', '0', '--', '-n']);
    expect(summary.prompt).toBe('-n');
  });
});

describe('a bare kelvin in a pipe', () => {
  it('tells a story without waiting for stdin', async () => {
    const { child, ended } = start([], { input: null });
    const { code, stdout, stderr } = await ended;
    expect(child.stdin.writableEnded).toBe(false);
    expect(code).toBe(0);
    expect(stdout.split(/\s+/).length).toBeGreaterThan(10);
    expect(stderr).toMatch(/^\d+ tokens, .+, seed \d+, \d+ tokens\/s\n$/);
  });

  it('says what it waits for where somebody forgot to close stdin', async () => {
    const { child, ended } = start(['generate', 'Once', '-n', '0'], { input: null });
    const [said] = await once(child.stderr, 'data');
    expect(String(said)).toBe('kelvin: waiting for stdin to end\n');
    child.stdin.end();
    expect((await ended).code).toBe(0);
  });
});
