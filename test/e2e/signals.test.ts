import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './folders.ts';
import { start } from './kelvin.ts';
import { joined, parse } from './ndjson.ts';

const ENDLESS = ['generate', 'Once upon a time', '-n', '500', '--logit-bias', '0=-inf'];

describe('an interrupted kelvin', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends its NDJSON with a summary on %s', async (signal, code) => {
    const { child, ended } = start([...ENDLESS, '--json']);
    child.stdout.once('data', () => child.kill(signal));
    const run = await ended;
    expect(run.code).toBe(code);
    const { steps, summary } = parse(run.stdout);
    expect(summary.finishReason).toBe('abort');
    expect(summary.tokens).toBe(steps.length);
    expect(steps.length).toBeGreaterThan(0);
    expect(joined(steps)).toBe(summary.text);
    expect(run.stderr).toMatch(/^\d+ tokens?, interrupted, seed \d+(, \d+ tokens\/s)?\n$/);
  });

  it('keeps the text it has written', async () => {
    const { child, ended } = start(ENDLESS);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const run = await ended;
    expect(run.code).toBe(130);
    expect(run.stdout).not.toBe('');
    expect(run.stderr).toMatch(/^\d+ tokens?, interrupted, /);
  });

  it('ends at once while the model is loading', async () => {
    const folder = emptyFolder();
    const config = join(folder, 'config.json');
    execFileSync('mkfifo', [config]);
    const { child, ended } = start(['generate', 'Once', '-m', folder]);
    // Opening a pipe's end waits for the other end: now kelvin is reading the model.
    const pipe = await open(config, 'w');
    child.kill('SIGINT');
    // As any program that a signal kills; shells call that 130.
    const silent = { code: null, signal: 'SIGINT', stdout: '', stderr: '' };
    expect(await ended).toMatchObject(silent);
    await pipe.close();
  });
});
