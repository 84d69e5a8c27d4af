import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from 'kelvin';
import { beforeAll, describe, expect, it } from 'vitest';
import { sessionLines } from '../../src/generation/session/session-lines.ts';
import { session } from '../generation/recorded.ts';
import { decoder } from '../model/decoders/decoder.ts';
import { tinyGpt2 } from '../model/decoders/shape.ts';
import { emptyFolder, modelCopy } from './folders.ts';
import { kelvin, start } from './kelvin.ts';

const folder = emptyFolder();
let files = 0;
/** A file with this in it. */
function saved(lines: readonly string[]): string {
  files += 1;
  const path = join(folder, `${files}.ndjson`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function recorded(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await kelvin(['generate', 'Once upon a time', '-n', '24', '--json', ...args]);
  return stdout.trimEnd().split('\n');
}

const replayed = (lines: readonly string[], ...args: readonly string[]) =>
  kelvin(['replay', saved(lines), ...args]);

/** The lines with one of them changed: whatever is at a path in it. */
function tampered(lines: readonly string[], at: number, path: string, value: unknown): string[] {
  const line = JSON.parse(lines.at(at)!);
  const names = path.split('.');
  const last = names.pop()!;
  names.reduce((part, name) => part[name], line)[last] = value;
  return lines.with(at, JSON.stringify(line)) as string[];
}

describe.concurrent('what generate --json wrote is written again', () => {
  it.each([
    [[]],
    [['--seed', '7', '--logprobs', '5', '--top-p', '0.9']],
    [['--temperature', 'inf', '--top-k', '90', '--logit-bias', '0=-inf', '--logit-bias', '5=2']],
    [['--temperature', '0']],
    [['--mirostat', 'version=2,tau=3,eta=0.1', '--temperature', '1.5']],
    [
      [
        '--repetition-penalty',
        '1.3',
        '--penalty-window',
        '8',
        '--dry',
        'multiplier=0.8,sequence-breakers=13/42',
      ],
    ],
    [['--no-repeat-ngram-size', '2', '--bad-words', '300,301', '--order', 'temperature-last']],
    [['--stop', 'a', '--stop', 'Infinity', '--seed', '1']],
    [['-n', '0']],
    [['--logit-bias', '0=1000', '--min-new-tokens', '3']],
  ])('%j', async (args) => {
    const lines = await recorded(...args);
    const { tokens } = JSON.parse(lines.at(-1)!).summary;
    expect(await replayed(lines)).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: `${tokens} ${tokens === 1 ? 'token' : 'tokens'} in 1 branch: the same\n`,
    });
  });

  it('though it was interrupted, and from stdin', async () => {
    const endless = ['generate', 'Once', '-n', '500', '--logit-bias', '0=-inf', '--json'];
    const { child, ended } = start(endless);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { stdout } = await ended;
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!).summary.finishReason).toBe('abort');
    const run = await kelvin(['replay', '-'], { input: stdout });
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('in 1 branch: the same'),
    });
  });

  it('with a model of somebody’s own, wherever it is now', async () => {
    const model = modelCopy();
    const lines = await recorded('-m', model);
    expect(await replayed(lines)).toMatchObject({ code: 0 });
    const gone = tampered(
      tampered(lines, -1, 'summary.model.path', '/gone'),
      -1,
      'summary.model.name',
      'gone',
    );
    const lost = await replayed(gone);
    expect(lost).toMatchObject({ code: 1, stdout: '' });
    expect(lost.stderr).toMatch(/^kelvin: model "gone": no such folder; .+\n$/);
    expect(await replayed(lines, '-m', model)).toMatchObject({ code: 0 });
  });
});

describe('what is not the same is told', () => {
  let lines: string[];
  beforeAll(async () => {
    lines = await recorded('--seed', '7', '--logprobs', '2', '--stop', 'never this');
  });

  it.each<[number, string, unknown, string]>([
    [4, 'token', 5, 'line 5, token 4: token'],
    [4, 'text', 'x', 'line 5, token 4: text'],
    [4, 'logprob', -1.5, 'line 5, token 4: logprob'],
    [4, 'shapedLogprob', '-Infinity', 'line 5, token 4: shapedLogprob'],
    [4, 'entropy', 0.1, 'line 5, token 4: entropy'],
    [4, 'choices', 1.1, 'line 5, token 4: choices'],
    [4, 'rank', 99, 'line 5, token 4: rank'],
    [4, 'top.1.shaped', 0.5, 'line 5, token 4: top'],
    [-1, 'summary.text', 'x', 'line 25, summary: text'],
    [-1, 'summary.finishReason', 'end', 'line 25, summary: finishReason'],
    [-1, 'summary.stop', 'x', 'line 25, summary: stop'],
    [-1, 'summary.promptTokens', 6, 'line 25, summary: promptTokens'],
    [-1, 'summary.seed', 8, 'line 25, summary: seed'],
    [-1, 'summary.settings.seed.value', 8, 'line 25, summary: seed'],
    [-1, 'summary.settings.temperature.value', 0.71, 'line 1, token 0: shapedLogprob'],
    [-1, 'summary.settings.maxTokens.value', 23, 'line 25, summary: text'],
    [-1, 'summary.settings.stop.value', [' '], 'line 2, token 1: text'],
    [-1, 'summary.settings.top.value', 3, 'line 1, token 0: top'],
    [-1, 'summary.prompt', 'Once upon a day', 'line 1, token 0: '],
    [-1, 'summary.model.bytes', 7, 'line 25, model: bytes'],
  ])('where line %i holds another %s', async (at, path, value, place) => {
    const { code, stdout, stderr } = await replayed(tampered(lines, at, path, value));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.startsWith(place), stdout).toBe(true);
    expect(stdout).toMatch(/^line \d+, [^:]+: \w+ differs: recorded .+, found .+\n$/);
  });

  it('where a line is missing, or the file is broken', async () => {
    const { length } = lines;
    const last = await replayed(tampered(lines.toSpliced(length - 2, 1), -1, 'summary.tokens', 23));
    expect(last).toMatchObject({ code: 1, stderr: '' });
    expect(last.stdout).toMatch(/^line 24, summary: tokens differs: recorded 23, found 24\n$/);
    for (const broken of [lines.slice(0, -1), lines.toSpliced(3, 1), [...lines, 'x'], ['x'], []]) {
      const run = await replayed(broken);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(/^kelvin: \S+\.ndjson: .+\n$/);
    }
  });

  it('where it is another model', async () => {
    const other = await replayed(lines, '-m', decoder(tinyGpt2).folder);
    expect(other).toMatchObject({ code: 1, stderr: '' });
    expect(other.stdout).toMatch(
      /^line 25, model: name differs: recorded "kelvin-story", found ".+"\n$/,
    );
  });
});

describe('a session', () => {
  let lines: string[];
  beforeAll(async () => {
    const model = await loadModel();
    lines = sessionLines(await session(model));
    await model.dispose();
  });

  it('is written again, branches, changed settings, chosen tokens and all', async () => {
    expect(await replayed(lines)).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: '34 tokens in 5 branches: the same\n',
    });
  });

  // Line 3 is the first token, 17 a chosen one, 38 one that its settings cut.
  it.each<[number, string, unknown, string]>([
    [0, 'prompt.text', 'Once', 'line 1, prompt: text'],
    [0, 'prompt.tokens.1', 301, 'line 1, prompt: text'],
    [0, 'model.name', 'other', 'line 1, model: name'],
    [0, 'model.dtype', 'q8', 'line 1, model: dtype'],
    [1, 'settings.seed', 2, 'line 3, branch 0, token 0: '],
    [2, 'token', 5, 'line 3, branch 0, token 0: token'],
    [16, 'token', 701, 'line 17, branch 1, token 5: text'],
    [16, 'chosen', false, 'line 17, branch 1, token 5: token'],
    [16, 'entropy', 2, 'line 17, branch 1, token 5: entropy'],
    [14, 'from.index', 4, 'line 17: index must be 4, got 5'],
    [37, 'shapedLogprob', -1, 'line 38, branch 3, token 0: shapedLogprob'],
  ])('with another line %i %s is not the same', async (at, path, value, place) => {
    const path_ = saved(tampered(lines, at, path, value));
    const { code, stdout, stderr } = await kelvin(['replay', path_, '-m', 'kelvin-story']);
    expect(code).toBe(1);
    const told = stdout || stderr.replace(`kelvin: ${path_}: `, '');
    expect(told.startsWith(place), told).toBe(true);
  });
});

describe.concurrent('replay', () => {
  it('is interrupted by Ctrl-C', async () => {
    const lines = await recorded('--seed', '7', '--logit-bias', '0=-inf', '-n', '480');
    const { child, ended } = start(['replay', '-'], { input: null });
    child.stdin.write(`${lines.join('\n')}\n`);
    child.kill('SIGINT');
    const run = await ended;
    expect(run.code === 130 || run.signal === 'SIGINT').toBe(true);
    expect(run.stdout).toBe('');
  });

  it('says what it cannot read', async () => {
    const bytes = join(folder, 'bytes');
    writeFileSync(bytes, Uint8Array.of(0xff, 0xfe));
    const [missing, none, directory, other] = await Promise.all([
      kelvin(['replay']),
      kelvin(['replay', '/nowhere.ndjson']),
      kelvin(['replay', folder]),
      kelvin(['replay', bytes]),
    ]);
    expect(missing).toMatchObject({
      code: 2,
      stderr: "kelvin: missing required argument 'file'\n",
    });
    for (const [run, file, why] of [
      [none, '/nowhere.ndjson', 'no such file'],
      [directory, folder, 'a folder'],
      [other, bytes, 'other bytes'],
    ] as const)
      expect(run).toMatchObject({
        code: 2,
        stderr: `kelvin: record must be a file of UTF-8 text, got "${file}": ${why}\n`,
      });
  });
});
