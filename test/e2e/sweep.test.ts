import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { emptyFolder } from './folders.ts';
import { type Ended, kelvin, start } from './kelvin.ts';
import { Terminal } from './terminal.ts';

const SMALL = ['--temperatures', '0,0.7,1.4', '--samples', '2', '-n', '16', '--seed', '7'];
const SWEEP = ['sweep', 'Once upon a time', ...SMALL];

const interval = z.strictObject({ mean: z.number(), low: z.number(), high: z.number() });
const Setting = z.strictObject({
  setting: z.number().int().min(0),
  options: z.record(z.string(), z.union([z.number(), z.literal('Infinity')])),
  runs: z.number().int().min(1),
  diversity: interval,
  coherence: interval,
  repetition: interval,
  perplexity: interval,
  setDiversity: z.number().min(0).max(1),
  selfBleu: z.number().min(0).max(1).optional(),
  loops: z.number().min(0).max(1),
  tokens: z.number().min(1),
  example: z.string(),
});
const Summary = z.strictObject({
  summary: z.strictObject({
    model: z.string(),
    dtype: z.string(),
    prompt: z.string(),
    maxTokens: z.number().int(),
    stop: z.array(z.string()),
    seed: z.number().int(),
    options: z.record(z.string(), z.unknown()),
    reference: z
      .strictObject({
        diversity: z.number(),
        coherence: z.number(),
        pieces: z.number().int(),
        tokens: z.number().int(),
      })
      .optional(),
    recommended: z.strictObject({
      setting: z.number().int(),
      options: z.record(z.string(), z.unknown()),
      reason: z.string(),
      command: z.string(),
    }),
  }),
});

function parse(stdout: string) {
  const lines = stdout.trimEnd().split('\n');
  const { summary } = Summary.parse(JSON.parse(lines.pop()!));
  return { settings: lines.map((line) => Setting.parse(JSON.parse(line))), summary };
}

/** The sweep that others are held to. */
let plain: Promise<Ended> | undefined;
const told = () => {
  plain ??= kelvin([...SWEEP, '--json']);
  return plain;
};

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

describe.concurrent('sweep', () => {
  it('shows a table, a plot, texts and what to use', async () => {
    const { code, stdout, stderr } = await kelvin(SWEEP);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^6 texts, 96 tokens in [\d.]+ s, seed 7\n$/);
    const [table, plot, texts, recommended] = stdout.split('\n\n') as [
      string,
      string,
      string,
      string,
    ];
    const rows = table.split('\n');
    expect(rows[0]).toMatch(
      /^ +temperature +diversity +coherence +perplexity +rep-4 +self-BLEU +loops$/,
    );
    expect(rows).toHaveLength(4);
    for (const [row, label] of [
      ['a', '0'],
      ['b', '0.7'],
      ['c', '1.4'],
    ].entries())
      expect(rows[row + 1]).toMatch(new RegExp(`^[${label[0]}*]  ${label[1]} +\\d\\.\\d\\d ±`));
    expect(plot).toMatch(/^coherence, nats per token, over diversity; \* recommended\n/);
    // The frame's own signs are none of these.
    const field = plot
      .split('\n')
      .slice(1)
      .join('')
      .replace(/[^a-c*]/g, '');
    expect(field).toContain('*');
    expect(texts.split('\n')).toHaveLength(3);
    for (const line of stdout.split('\n').slice(0, -4)) expect(line.length).toBeLessThan(100);
    const best =
      /^recommended: temperature (\S+)\nthe best product .+\n(kelvin generate .+)\n$/.exec(
        recommended,
      )!;
    expect(best[2]).toBe(
      `kelvin generate 'Once upon a time' --temperature ${best[1]} --max-tokens 16`,
    );
    expect(rows.find((row) => row.startsWith('*'))).toMatch(new RegExp(`^\\*  ${best[1]} `));
  });

  it('tells the same as JSON, in every process', async () => {
    const [first, again] = await Promise.all([told(), kelvin([...SWEEP, '--json'])]);
    expect(first.code, first.stderr).toBe(0);
    expect(again.stdout).toBe(first.stdout);
    const { settings, summary } = parse(first.stdout);
    expect(settings.map(({ options }) => options.temperature)).toEqual([0, 0.7, 1.4]);
    expect(settings[0]!.selfBleu).toBe(1);
    expect(settings[2]!.coherence.mean).toBeLessThan(settings[0]!.coherence.mean);
    expect(summary).toMatchObject({ prompt: 'Once upon a time', seed: 7, maxTokens: 16 });
    expect(settings[summary.recommended.setting]!.options).toEqual(summary.recommended.options);
  });

  it('writes with the flags it says', async () => {
    const flags = ['--top-k', '30', '--logit-bias', '42=-inf', '--min-new-tokens', '2'];
    const model = ['--dtype', 'fp32'];
    const { stdout } = await kelvin([...SWEEP, ...flags, ...model, '--samples', '1', '--json']);
    const { settings, summary } = parse(stdout);
    const { command, setting } = summary.recommended;
    expect(command).toMatch(/^kelvin generate --dtype fp32 'Once upon a time' /);
    expect(command).toContain(' --logit-bias 42=-inf');
    const args = command.split("'").at(-1)!.trim().split(' ');
    const { stdout: text, code } = await kelvin([
      ...['generate', 'Once upon a time', ...args, '--seed', '7'],
    ]);
    expect(code).toBe(0);
    expect(text).toBe(settings[setting]!.example);
  });

  it('makes a grid of any numeric options, as rows', async () => {
    const grid = ['--sweep', 'top-p=0.5:1:0.5', '--sweep', 'top-k=0,5'];
    const small = ['--temperature', '0.8', '-n', '6', '--samples', '1', '--csv'];
    const { stdout, code } = await kelvin(['sweep', 'Tom said "', ...grid, ...small]);
    expect(code).toBe(0);
    const rows = stdout.trimEnd().split('\n');
    expect(rows[0]).toMatch(/^top-p,top-k,runs,diversity,diversity_low,diversity_high,coherence,/);
    const settings = rows.filter((row) => /^(0\.5|1),[05],1,/.test(row));
    expect(settings.map((row) => row.slice(0, row.indexOf(',1,')))).toEqual([
      '0.5,0',
      '0.5,5',
      '1,0',
      '1,5',
    ]);
  });

  it('appends stdin to the prompt', async () => {
    const args = ['sweep', 'Once upon ', ...SMALL, '--json'];
    const [piped, whole] = await Promise.all([kelvin(args, { input: 'a time\n' }), told()]);
    expect(piped.stdout).toBe(whole.stdout);
  });

  it('recommends by a reference text', async () => {
    const folder = emptyFolder();
    const [wild, plain] = [join(folder, 'wild.txt'), join(folder, 'plain.txt')];
    writeFileSync(
      wild,
      'Zebra quantum lattice, umbrella of the Byzantine tax code! Frog; 17 xylophones',
    );
    writeFileSync(plain, 'Once upon a time, there was a little girl named Lily. She loved to play');
    const summary = async (path: string) =>
      parse((await kelvin([...SWEEP, '--json', '--reference', path])).stdout).summary;
    const [near, far] = await Promise.all([summary(plain), summary(wild)]);
    expect(near.recommended.options.temperature).toBeLessThan(1);
    expect(far.recommended.options.temperature).toBe(1.4);
    expect(near.reference!.coherence).toBeGreaterThan(far.reference!.coherence);
    expect(far.recommended.reason).toContain('the nearest to the reference text');
  });
});

describe.concurrent('a drawing', () => {
  it('is a whole SVG with the recommended point, and leaves nothing beside it', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'sweep.svg');
    const { code, stderr } = await kelvin(['sweep', '<b>&"\u0001', ...SMALL, '--svg', file]);
    expect(code, stderr).toBe(0);
    expect(readdirSync(folder)).toEqual(['sweep.svg']);
    const svg = readFileSync(file, 'utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 760 520"/);
    expect(svg).toContain('after “&lt;b&gt;&amp;&quot;\uFFFD”');
    expect(svg).toContain('>recommended: temperature ');
    expect(svg).toContain('coherence of a text: mean ln p(token), nats');
    expect(svg.match(/<circle /g)).toHaveLength(4);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    // Every element that is opened is closed, in order.
    const open: string[] = [];
    for (const [, close, name, , self] of svg.matchAll(/<(\/?)(\w+)([^<>]*?)(\/?)>/g))
      if (close) expect(open.pop()).toBe(name);
      else if (!self) open.push(name!);
    expect(open).toEqual([]);
  });
});

it('tells what it measured even where the drawing cannot be written', async () => {
  const { code, stdout, stderr } = await kelvin([...SWEEP, '--json', '--svg', '/dev/full']);
  expect(code).toBe(1);
  expect(stdout).toBe((await told()).stdout);
  expect(stderr).toMatch(/\nkelvin: cannot write "\/dev\/full": ENOSPC\n$/);
});

describe.concurrent('--resume', () => {
  it('goes on from what is finished, to the same end', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'runs.ndjson');
    const resume = [...SWEEP, '--json', '--resume', file];
    const straight = await told();
    await kelvin([...resume, '--samples', '1']);
    expect(linesOf(file)).toHaveLength(4);
    // Killed in the middle of a line.
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -30));
    const resumed = await kelvin([...resume]);
    expect(resumed.stderr).toMatch(/^4 texts, /);
    expect(resumed.stdout).toBe(straight.stdout);
    expect(linesOf(file)).toHaveLength(7);
    const runs = linesOf(file)
      .slice(1)
      .map((line) => JSON.parse(line));
    expect(new Set(runs.map(({ setting, sample }) => `${setting} ${sample}`)).size).toBe(6);

    const nothing = await kelvin(resume);
    expect(nothing.stdout).toBe(straight.stdout);
    expect(nothing.stderr).toMatch(/^0 texts, /);

    // Settings may come and go; its own seed is taken where none is given.
    const more = ['--temperatures', '0.7,1', '--samples', '1', '-n', '16', '--json'];
    const other = await kelvin(['sweep', 'Once upon a time', ...more, '--resume', file]);
    expect(other.stderr).toMatch(/^1 text, 16 tokens .+ seed 7\n$/);
    expect(parse(other.stdout).settings.map(({ options }) => options.temperature)).toEqual([
      0.7, 1,
    ]);

    const before = readFileSync(file, 'utf8');
    const wrong = await kelvin([...resume, '--top-k', '5']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(
      /^kelvin: --resume must be of a sweep with the same options, which is \{"topK":5\} here, got ".+" with \{\}\n$/,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('counts a text once, and refuses one that was changed', async () => {
    const file = join(emptyFolder(), 'runs.ndjson');
    const resume = [...SWEEP, '--json', '--resume', file];
    await kelvin(resume);
    const [head, ...runs] = linesOf(file) as [string, ...string[]];
    writeFileSync(file, [head, ...runs, ...runs, ''].join('\n'));
    expect((await kelvin(resume)).stdout).toBe((await told()).stdout);

    for (const change of [{ tokens: ['a'] }, { tokens: [] }, { options: null }, { seed: 1 }]) {
      const changed = JSON.stringify({ ...JSON.parse(runs[0]!), ...change });
      writeFileSync(file, [head, changed, ''].join('\n'));
      const { code, stderr } = await kelvin(resume);
      expect(code).toBe(2);
      expect(stderr).toMatch(/kelvin sweep wrote, got ".+", whose line 2 is not of one\n$/);
    }
  });

  it('refuses a file of another kind, and leaves it alone', async () => {
    const file = join(emptyFolder(), 'notes.txt');
    for (const [text, line] of [
      ['my notes\n', 1],
      ['{}\n', 1],
      ['null\n', 1],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await kelvin([...SWEEP, '--resume', file]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        new RegExp(`^kelvin: --resume must be a file that kelvin sweep wrote, .+ line ${line} `),
      );
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });
});

describe('Ctrl-C', () => {
  it('keeps and tells what is finished', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'runs.ndjson');
    writeFileSync(file, '');
    const endless = ['--temperatures', '0.7,1', '--samples', '9999', '-n', '8', '--json'];
    const { child, ended } = start(['sweep', 'Once', ...endless, '--resume', file]);
    const watcher = watch(file, () => {
      if (linesOf(file).length <= 20) return;
      watcher.close();
      child.kill('SIGINT');
    });
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const { settings } = parse(stdout);
    const runs = settings.reduce((sum, { runs }) => sum + runs, 0);
    expect(runs).toBeGreaterThanOrEqual(20);
    expect(linesOf(file)).toHaveLength(runs + 1);
  });
});

describe.concurrent('what is wrong is found before anything is waited for', () => {
  const folder = emptyFolder();
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  it.each([
    [
      ['--temperatures', '2:0:0.1'],
      /^kelvin: --temperatures must be from:to:step .+ got "2:0:0.1"/,
    ],
    [['--temperature', '1'], /^kelvin: --temperature must be absent where temperature is swept/],
    [['--sweep', 'min-tokens-to-keep=1,2'], /^kelvin: --min-tokens-to-keep must be 1 where no/],
    [['-n', '0'], /^kelvin: --max-tokens must be an integer ≥ 1, got 0/],
    [['--json', '--csv'], /^kelvin: --json must be absent where --csv is set/],
    [['--svg', '/no/such/folder/a.svg'], /^kelvin: --svg must be a file .+ ENOENT/],
    [['--svg', '/'], /^kelvin: --svg must be a file that can be written, got "\/": EISDIR/],
    [['--svg', ''], /^kelvin: --svg must be a file that can be written, got "": ENOENT/],
    [
      ['--svg', 'plots/'],
      /^kelvin: --svg must be a file that can be written, got "plots\/": EISDIR/,
    ],
    [['--resume', '/'], /^kelvin: --resume must be a file that can be written/],
    [['--reference', '/no/such/file'], /^kelvin: --reference must be a file .+: no such file/],
    [['--reference', file('empty', ' \n')], /^kelvin: --reference must be a file with a text, /],
    [
      ['--reference', file('latin', Uint8Array.of(0xe9, 0x20))],
      /^kelvin: --reference must be a file of UTF-8 text, .+: other bytes/,
    ],
  ])('%s', async (args, message) => {
    // Its stdin stays open, and its model is not there.
    const { child, ended } = start(['sweep', 'Once', ...args], { input: null });
    const { code, stdout, stderr } = await ended;
    child.stdin.destroy();
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect([code, stdout]).toEqual([2, '']);
  });

  it('and leaves no file behind', async () => {
    const [svg, resume] = ['a.svg', 'runs'].map((name) => join(folder, name)) as [string, string];
    const args = ['sweep', 'Once', '--svg', svg, '--resume', resume];
    expect((await kelvin([...args, '-m', '/no/such/model'])).code).toBe(1);
    expect((await kelvin([...args, '-n', '4'], { input: Uint8Array.of(0xff) })).code).toBe(2);
    const long = await kelvin(args, { input: 'word '.repeat(600) });
    expect(long.code).toBe(1);
    expect(long.stderr).toMatch(/^kelvin: prompt: must be at most 512 tokens/m);
    expect(readdirSync(folder).toSorted()).toEqual(['empty', 'latin']);
  });
});

it('in a terminal it draws one line of progress again and again, and fits', async () => {
  const terminal = await Terminal.open();
  terminal.type('sweep Once --samples 2 -n 64 --seed 1');
  const bytes = await terminal.shows('code=0');
  expect(bytes).toMatch(/\d+ of 42 texts, about \d+ s left, \d+ tokens\/s/);
  expect(bytes).toMatch(/42 texts, \d+ tokens in [\d.]+ s, seed 1/);
  // The recommendation wraps: it is a sentence, and a command to copy.
  // Wrapped rows come back as one.
  const rows = terminal.run('capture-pane', '-p', '-J', '-S', '-100').split('\n');
  const shown = rows.slice(
    rows.findIndex((row) => row.includes('seed 1,') || row.endsWith('seed 1')),
    rows.findIndex((row) => row.startsWith('recommended:')),
  );
  expect(shown.length).toBeGreaterThan(60);
  for (const row of shown) expect(row.trimEnd().length).toBeLessThan(80);
  expect(terminal.screen()).toContain('recommended: temperature ');
  await terminal.close();
});
