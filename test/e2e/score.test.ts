import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { modelCopy } from './folders.ts';
import { kelvin } from './kelvin.ts';
import { file, SummaryLine, stories, story, TokenLine } from './measures.ts';
import { told as generated } from './ndjson.ts';
import { Terminal } from './terminal.ts';

interface Told {
  readonly tokens: z.infer<typeof TokenLine>[];
  readonly summary: z.infer<typeof SummaryLine>['summary'];
  readonly stderr: string;
}

async function told(args: readonly string[], input?: string): Promise<Told> {
  const { code, stdout, stderr } = await kelvin(['score', ...args], { input });
  expect(code, stderr).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  const { summary } = SummaryLine.parse(JSON.parse(lines.pop()!));
  return { tokens: lines.map((line) => TokenLine.parse(JSON.parse(line))), summary, stderr };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe.concurrent('score', () => {
  it('tells of every token, and sums them up', async () => {
    const { tokens, summary, stderr } = await told(['--json'], story);
    expect(tokens.map(({ text }) => text).join('')).toBe(story);
    expect(tokens.map(({ index }) => index)).toEqual(tokens.map((_, index) => index));
    const [first, ...scored] = tokens;
    // The begin token.
    expect(first).toEqual({ index: 0, token: 0, text: '' });
    const surprisal = sum(scored.map(({ surprisal }) => surprisal!));
    expect(summary.tokens).toBe(scored.length);
    expect(summary.surprisal).toBeCloseTo(surprisal / scored.length, 12);
    expect(summary.perplexity).toBeCloseTo(Math.exp(surprisal / scored.length), 9);
    expect(summary.entropy).toBeCloseTo(sum(scored.map(({ entropy }) => entropy!)) / scored.length);
    expect(summary.bytes).toBe(Buffer.byteLength(story));
    expect(summary.bitsPerByte).toBeCloseTo(surprisal / Math.LN2 / Buffer.byteLength(story), 12);
    const { repetition } = summary;
    const kept = [2, 3, 4].map((n) => 1 - repetition[n as 2]);
    expect(summary.diversity).toBeCloseTo(kept[0]! * kept[1]! * kept[2]!, 12);
    const pairs = scored.slice(1).map(({ token }, i) => `${scored[i]!.token} ${token}`);
    expect(1 - repetition[2]).toBeCloseTo(new Set(pairs).size / pairs.length, 12);
    expect(summary.windows).toBeUndefined();
    expect(stderr).toMatch(
      /^\d+ tokens, perplexity [\d.]+, [\d.]+ bits per byte, diversity 0\.\d+\n$/,
    );
  });

  it('sees a text as it was seen when it was written', async () => {
    const { steps, summary } = await generated(['Tom had', '-n', '40', '--temperature', '0']);
    const { tokens } = await told(['--json'], `Tom had${summary.text}`);
    const written = tokens.slice(-steps.length);
    expect(written.map(({ token }) => token)).toEqual(steps.map(({ token }) => token));
    for (const [i, { logprob, rank }] of steps.entries()) {
      expect(written[i]!.surprisal).toBeCloseTo(-logprob, 3);
      expect(written[i]!.rank).toBe(rank);
    }
  });

  it('reads a file, stdin, or stdin as -, less a line break at the end', async () => {
    const [piped, dash, named] = await Promise.all([
      told([], `${story}\n`),
      told(['-'], story),
      told([file(`${story}\r\n`)]),
    ]);
    expect(dash).toEqual(piped);
    expect(named).toEqual(piped);
  });

  it('says in which windows it reads what is longer than the context', async () => {
    const { tokens, summary, stderr } = await told([stories]);
    expect(summary.tokens).toBe(tokens.length - 1);
    expect(tokens.length).toBeGreaterThan(1024);
    const count = 1 + Math.ceil((tokens.length - 512) / 256);
    expect(summary.windows).toEqual({ count, length: 512, stride: 256 });
    expect(stderr).toContain(`, in ${count} windows of 512 tokens, 256 apart\n`);
    const text = readFileSync(stories, 'utf8').replace(/\n$/, '').replaceAll('<|endoftext|>', '');
    expect(tokens.map(({ text }) => text).join('')).toBe(text);
  });

  it('counts no byte of a first token that nothing is in front of', async () => {
    const folder = modelCopy();
    const path = join(folder, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(path, 'utf8'));
    // It no longer begins a text with the begin token.
    writeFileSync(path, JSON.stringify({ ...tokenizer, post_processor: null }));
    const { tokens, summary } = await told(['-m', folder], 'Once upon a time');
    expect(tokens[0]).toEqual({ index: 0, token: 417, text: 'Once' });
    expect(summary.tokens).toBe(tokens.length - 1);
    expect(summary.bytes).toBe(' upon a time'.length);
    const one = await kelvin(['score', '-m', folder], { input: 'Once' });
    expect(one.stderr).toBe('kelvin: text must have at least 2 tokens, got 1\n');
  });

  it('notices a loop', async () => {
    const { summary } = await told([], 'The dog ran. '.repeat(30).trim());
    expect(summary.loop).toMatchObject({ repeats: expect.any(Number) });
    expect(summary.diversity).toBeLessThan(0.05);
  });
});

describe.skipIf(spawnSync('tmux', ['-V']).error)('score in a terminal', () => {
  const ESCAPE = '\u001B';
  const text = file('Once upon a time there was a quark.\n');
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await Terminal.open(100, 40);
  });
  afterAll(() => terminal.close());

  async function shown(command: string, before?: string): Promise<string> {
    terminal.type(command, before);
    const bytes = await terminal.shows(/code=\d/);
    return bytes.slice(bytes.indexOf('\n') + 1);
  }

  it('colours the text by surprisal, and lists what was least expected', async () => {
    const bytes = await shown(`score ${text}`);
    expect(bytes).toMatch(/\[[\d;]*38;5;202m[^\n]*qu/);
    const screen = terminal.screen();
    expect(screen).toContain('Once upon a time there was a quark.\n');
    expect(screen).toMatch(/most surprising +bits +entropy +rank\n\d+ +(·qu|ark) +\d+\.\d\d/);
    expect(screen).toMatch(/^bits per byte +\d/m);
    expect(screen).toContain('code=0');
  });

  it('has weight and underline without colours, and nothing in a terminal that has none', async () => {
    const mono = await shown(`score ${text}`, 'NO_COLOR=1');
    expect(mono).toContain(`${ESCAPE}[0;1;4m`);
    expect(mono).not.toMatch(/\[[\d;]*[39][0-7][;m]/);
    const dumb = await shown(`score ${text}`, 'TERM=dumb');
    expect(dumb).not.toContain(ESCAPE);
    expect(dumb).toContain('Once upon a time there was a quark.');
  });

  it('cannot be driven by a text', async () => {
    const bytes = await shown(
      `score ${file('Tom \u001B]0;title\u0007 and \u202E Ann')}`,
      'TERM=dumb',
    );
    expect(bytes).toContain('Tom ␛]0;title␇ and <U+202E> Ann');
    expect(bytes).not.toContain(ESCAPE);
  });

  it('is JSON there too where that is asked for', async () => {
    expect(await shown(`score --json ${text}`)).toContain('{"index":0,"token":0,"text":""}');
  });

  it('needs a file there', async () => {
    const bytes = await shown('score');
    expect(bytes).toContain('kelvin: a text is needed: name a file, or pipe one in');
    expect(bytes).toContain('code=2');
  });
});
