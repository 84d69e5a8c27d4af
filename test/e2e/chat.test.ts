import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chatModel } from './chat-model.ts';
import { emptyFolder } from './folders.ts';
import { type Ended, kelvin, start } from './kelvin.ts';

const folder = chatModel();
const FLAGS = ['-m', folder, '--seed', '7', '-n', '12'];

interface Answer {
  readonly role: string;
  readonly content: string;
  readonly summary: {
    readonly seed: number;
    readonly promptTokens: number;
    readonly reusedTokens: number;
    readonly tokens: number;
    readonly finishReason: string;
    readonly settings: Readonly<Record<string, { value: unknown; origin: string }>>;
  };
}

/** What `--json` wrote. */
const answersOf = ({ stdout }: Ended): Answer[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** Runs a chat in which these lines are typed. */
const talk = (lines: readonly string[], flags: readonly string[] = []) =>
  kelvin(['chat', ...FLAGS, ...flags], { input: lines.map((line) => `${line}\n`).join('') });

/** The answers to what is typed, which must all be right. */
async function answers(lines: readonly string[], flags: readonly string[] = []): Promise<Answer[]> {
  const ended = await talk(lines, ['--json', ...flags]);
  expect(ended).toMatchObject({ code: 0 });
  return answersOf(ended);
}

const contents = (given: readonly Answer[]) => given.map(({ content }) => content);

describe.concurrent('a chat from a pipe', () => {
  it('writes an answer for each line, and nothing else on stdout', async () => {
    const { code, stdout } = await talk(['Hello', '', '/set top-k 5', 'And then?']);
    const told = await answers(['Hello', '/set top-k 5', 'And then?']);
    expect(code).toBe(0);
    expect(told).toHaveLength(2);
    expect(stdout).toBe(
      contents(told)
        .map((text) => `${text}\n`)
        .join(''),
    );
    for (const { role, content } of told) {
      expect(role).toBe('assistant');
      expect(content).toMatch(/\w/);
    }
  });

  it("is the model's own template: what `generate` writes after it", async () => {
    const [first] = await answers(['Hello'], ['--system', 'Be kind.']);
    const prompt = 'system:Be kind.\nuser:Hello\nassistant:';
    const { stdout } = await kelvin(['generate', prompt, '--seed', '7', '-n', '12']);
    expect(first!.content).toBe(stdout);
  });

  it('reads only what is new of the next turn', async () => {
    const lines = ['Tell me one', 'And two', 'And three', 'And four'];
    const told = await answers(lines, ['--temperature', '1.2', '-n', '40']);
    told.slice(1).forEach(({ summary }, i) => {
      const before = told[i]!.summary;
      // All but the last token that was written, which the model has not seen yet.
      expect(summary.reusedTokens).toBe(before.promptTokens + before.tokens - 1);
    });
    const { stderr } = await talk(['Hello', 'More'], ['--verbose']);
    expect(stderr).toMatch(/read (\d+) of \1 prompt tokens, 0 known from before\n12 tokens/);
    expect(stderr).toMatch(/read \d+ of \d+ prompt tokens, [1-9]\d* known from before\n/);
    expect(stderr).toMatch(/^temperature +0\.7 +model$/m);
  });

  it('joins lines that end in a backslash, and takes a message that begins with a slash', async () => {
    const [joined] = await answers(['Hello\\', 'there'], ['--stop', 'zzz']);
    const { stdout } = await kelvin([
      ...['generate', 'user:Hello\nthere\nassistant:', '--seed', '7', '-n', '12'],
    ]);
    expect(joined!.content).toBe(stdout);
    const [slash] = await answers(['//help']);
    const plain = await kelvin([
      ...['generate', 'user:/help\nassistant:', '--seed', '7', '-n', '12'],
    ]);
    expect(slash!.content).toBe(plain.stdout);
  });

  it('needs no line break at the end, and ends where there is nothing', async () => {
    const ended = await kelvin(['chat', ...FLAGS], { input: 'Hello' });
    expect(ended.stdout).toBe(`${contents(await answers(['Hello']))[0]}\n`);
    expect(await kelvin(['chat', ...FLAGS], { input: '' })).toMatchObject({ code: 0, stdout: '' });
  });

  it('answers as soon as a line is there', async () => {
    const { child, ended } = start(['chat', ...FLAGS, '--json'], { input: null });
    child.stdin.write('Hello\n');
    const first = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    child.stdin.end('And then?\n');
    const told = answersOf(await ended);
    expect(first).toBe(`${JSON.stringify(told[0])}\n`);
    expect(told).toHaveLength(2);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s, and keeps what was written', async (signal, code) => {
    const flags = ['-m', folder, '-n', '500', '--logit-bias', '0=-inf'];
    const { child, ended } = start(['chat', ...flags], { input: null });
    child.stdin.write('Hello\nAnd then?\n');
    child.stdout.once('data', () => child.kill(signal));
    const run = await ended;
    expect(run.code).toBe(code);
    expect(run.stdout).toMatch(/\w[\s\S]*\n$/);
    expect(run.stderr).toBe('stopped\n');
  });

  it('ends on a signal while it waits for a line', async () => {
    const { child, ended } = start(['chat', ...FLAGS], { input: null });
    child.stdin.write('Hello\n');
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('cut off') });
  });

  it('ends quietly where nobody reads', async () => {
    const { child, ended } = start(['chat', ...FLAGS, '-n', '200'], { input: null });
    child.stdin.write('Hello\n');
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await ended;
    expect({ code, stderr: stderr.replace('stopped\n', '') }).toEqual({ code: 0, stderr: '' });
  });
});

describe.concurrent('a command', () => {
  it('/set changes what follows, by either name, as a flag would', async () => {
    const [, hot] = await answers(['Hello', '/set temperature 1.7', 'More']);
    expect(hot!.summary.settings.temperature).toEqual({ value: 1.7, origin: 'option' });
    const [byFlag] = await answers(['Hello'], ['--top-p', '0.4', '--max-tokens', '9']);
    for (const lines of [
      ['/set top-p 0.4', '/set max-tokens 9'],
      ['/set topP 0.4', '/set maxTokens 9'],
    ])
      expect(contents(await answers([...lines, 'Hello']))).toEqual([byFlag!.content]);
  });

  it('/set takes lists, records, stop texts, and default', async () => {
    const [told] = await answers([
      '/set dry multiplier=0.8',
      '/set logit-bias 5=-inf',
      '/set banned-tokens 3,4',
      '/set stop ["\\n", "Tom"]',
      '/set top-k 4',
      '/set top-k default',
      '/set temp 0.5',
      'Hello',
    ]);
    expect(told!.summary.settings).toMatchObject({
      dry: { value: { multiplier: 0.8 } },
      bannedTokens: { value: [3, 4] },
      stop: { value: ['\n', 'Tom'] },
      topK: { value: 0, origin: 'built-in' },
      temperature: { value: 0.5 },
    });
  });

  it('/set alone tells what is set, and by whom', async () => {
    const { stdout, stderr } = await talk(['/set top-p 0.9', '/set']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^top-p +0\.9 +flag$/m);
    expect(stderr).toMatch(/^temperature +0\.7 +model$/m);
    expect(stderr).toMatch(/^seed +7 +flag$/m);
  });

  it.each([
    ['/set temprature 1', 'unknown setting "temprature" (did you mean "temperature"?)'],
    ['/set top-p 2', 'top-p must be a number in [0, 1], got 2'],
    ['/regenrate', 'unknown command "/regenrate" (did you mean "regenerate"?); /help lists them'],
    ['/undo', 'there is no answer yet to take back'],
    ['/save /nowhere/at/all', '/save must have a new file, got "/nowhere/at/all": ENOENT'],
    ['/system refuse me', 'no place for that'],
    ['refuse me', 'no place for that'],
  ])('%s is refused', async (line, message) => {
    const { code, stdout, stderr } = await talk([line, 'Hello']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^kelvin: .+\n$/);
    expect(stdout).toBe('');
    // Only the template's own refusal is nothing that could be known before.
    expect(code).toBe(message === 'no place for that' ? 1 : 2);
  });

  it('/regenerate takes another seed, or the next; the same gives the same', async () => {
    const told = await answers([
      'Hello',
      ...['/regenerate', '/regenerate 7', '/regenerate -3', '/regenerate 8', 'More'],
    ]);
    const seeds = told.map(({ summary }) => summary.seed);
    expect(seeds).toEqual([7, 8, 7, -3, 8, 7]);
    const [first, next, again, other, eight, more] = contents(told);
    expect(again).toBe(first);
    expect(eight).toBe(next);
    expect(new Set([first, next, other]).size).toBe(3);
    // What was regenerated is what the next turn goes on from.
    const direct = await answers(['Hello', '/regenerate 8', 'More']);
    expect(contents(direct).at(-1)).toBe(more);
  });

  it('/regenerate says where every seed gives the same', async () => {
    const { stdout, stderr } = await talk(['/set temperature 0', 'Hello', '/regenerate']);
    const [first, again] = stdout.trimEnd().split('\n');
    expect(again).toBe(first);
    expect(stderr).toContain('at temperature 0 every seed gives the same answer\n');
  });

  it('/undo leaves what was before, and nothing of what is gone', async () => {
    const straight = await answers(['Hello', 'More']);
    const bent = await answers(['Hello', 'Something else', '/undo', 'More']);
    expect(contents(bent)).toEqual([straight[0]!.content, bent[1]!.content, straight[1]!.content]);
    const cleared = await answers(['/system Be kind.', 'One', 'Two', '/clear', 'Hello']);
    const fresh = await answers(['Hello'], ['--system', 'Be kind.']);
    expect(cleared.at(-1)!.content).toBe(fresh[0]!.content);
  });

  it('/system sets and tells the system prompt', async () => {
    const { stderr } = await talk(['/system', '/system Be kind.', '/system']);
    expect(stderr).toBe('system prompt: none\nsystem prompt: Be kind.\nsystem prompt: Be kind.\n');
  });

  it('/save writes the conversation as NDJSON, and overwrites nothing', async () => {
    const file = join(emptyFolder(), 'talk.ndjson');
    const told = await answers(['/system Be kind.', 'Hello', 'More', `/save ${file}`]);
    const [head, ...messages] = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head).toMatchObject({ conversation: { mode: 'chat', model: { path: folder } } });
    expect(messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hello' },
      told[0],
      { role: 'user', content: 'More' },
      told[1],
    ]);
    writeFileSync(file, 'mine');
    const { code, stderr } = await talk(['Hello', `/save ${file}`]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it exists, and is not overwritten'),
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('/probs tells the least expected tokens and what could have been instead', async () => {
    const { stdout, stderr } = await talk(['Hello', '/probs 3', '/set top 2', 'More', '/probs 1']);
    expect(stdout.split('\n')).toHaveLength(3);
    const rows = stderr.match(/^\d+ +\S+ +\d+\.\d\d +[\d.e-]+ % +.+$/gm)!;
    expect(rows).toHaveLength(4);
    const indices = rows.slice(0, 3).map((row) => Number(/^\d+/.exec(row)![0]));
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    expect(rows[0]!.match(/ %/g)!.length).toBeGreaterThan(2);
    expect(stderr).toContain('surprisal in bits: below 1');
    expect(stderr).not.toContain('\u001B');
    const coloured = await kelvin(['chat', ...FLAGS], {
      input: 'Hello\n/probs\n',
      env: { FORCE_COLOR: '1' },
    });
    expect(coloured.stderr).toContain('\u001B[');
    expect(coloured.stdout).not.toContain('\u001B');
  });

  it('/help lists every command, and /quit leaves', async () => {
    const { code, stdout, stderr } = await talk(['/help', '/quit', 'Hello']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    for (const name of ['set', 'regenerate', 'undo', 'save', 'probs', 'system', 'clear', 'quit'])
      expect(stderr).toMatch(new RegExp(`^/${name}\\b`, 'm'));
    for (const line of stderr.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe.concurrent('a model without a template', () => {
  const flags = ['--seed', '7', '-n', '12'];

  it('says so, and goes on from what is typed with --completion', async () => {
    const refused = await kelvin(['chat', ...flags], { input: 'Hello\n' });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/kelvin-story has no chat template.*--completion/);
    const input = 'Once upon a time\n\n Then Tom\n';
    const completed = await kelvin(['chat', '--completion', '--json', ...flags], { input });
    const [first, second, third] = contents(answersOf(completed));
    const after = async (text: string) => (await kelvin(['generate', text, ...flags])).stdout;
    expect(first).toBe(await after('Once upon a time'));
    expect(second).toMatch(/\w/);
    expect(third).toMatch(/\w/);
    for (const { summary } of answersOf(completed).slice(1))
      expect(summary.reusedTokens).toBeGreaterThan(10);
  });

  it.each([
    [['--completion', '--system', 'Be kind.'], '', 2],
    [['--completion'], '/system Be kind.\n', 2],
    [['--system', ''], '', 2],
    [['--temperature', 'hot'], '', 2],
    [['-m', '/nowhere'], '', 1],
  ])('%j is refused', async (more, input, code) => {
    const ended = await kelvin(['chat', ...more], { input });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^kelvin: .+\n$/);
  });
});

describe.concurrent('a chat that cannot go on', () => {
  it('says so where the context is full, and where stdin is no text', async () => {
    const long = 'a word and '.repeat(300);
    expect(await talk(['Hello', long])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/prompt: must be at most 512 tokens/),
    });
    const input = Buffer.from([0x48, 0xff, 0x0a]);
    expect(await kelvin(['chat', ...FLAGS], { input })).toMatchObject({
      code: 2,
      stderr: 'kelvin: stdin must be UTF-8 text, got other bytes\n',
    });
  });
});
