import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { kelvin, main } from './kelvin.ts';
import { joined, told } from './ndjson.ts';

const shell = promisify(execFile);
const STORY = ['Once upon a time', '-n', '60', '--temperature', '0.8'];

describe.concurrent('generate', () => {
  it('writes the text to stdout and what is said about it to stderr', async () => {
    const { code, stdout, stderr } = await kelvin(['generate', ...STORY, '--seed', '7']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[^{]*[a-z]+ [a-z]+/);
    expect(stderr).toMatch(/^\d+ tokens, .+, seed 7, \d+ tokens\/s\n$/);
  });

  it('begins a line for what is said where both go to one pipe, and adds nothing elsewhere', async () => {
    const merged = async (flags: string, redirect = '2>&1') => {
      const command = `'${process.execPath}' '${main}' generate Once --seed 1 ${flags} ${redirect}`;
      return (await shell('/bin/sh', ['-c', `${command} </dev/null`])).stdout;
    };
    const text = await merged('-n 3', '2>/dev/null');
    expect(text).toMatch(/[^\n]$/);
    expect((await merged('-n 3')).startsWith(`${text}\n3 tokens, `)).toBe(true);
    expect(await merged('-n 0')).toMatch(/^0 tokens, /);
    expect(await merged('-n 1 --json')).not.toContain('\n\n');
  });

  it('tells the same text in steps as plainly', async () => {
    const [plain, { steps, summary }] = await Promise.all([
      kelvin(['generate', ...STORY, '--seed', '7']),
      told([...STORY, '--seed', '7']),
    ]);
    expect(plain.stdout).not.toBe('');
    expect(joined(steps)).toBe(plain.stdout);
    expect(summary.text).toBe(plain.stdout);
  });

  it('tells each step by its index, and numbers that agree with each other', async () => {
    const { steps, summary } = await told([...STORY, '--seed', '3', '--logprobs', '7']);
    expect(steps.map(({ index }) => index)).toEqual(steps.map((_, index) => index));
    expect(summary.tokens).toBe(steps.length);
    for (const { entropy, choices, top = [], ...step } of steps) {
      expect(choices).toBeCloseTo(Math.exp(entropy), 9);
      expect(top).toHaveLength(7);
      const drawn = top.find(({ token }) => token === step.token);
      if (!drawn) continue;
      expect(Math.log(drawn.raw)).toBeCloseTo(step.logprob, 9);
      expect(Math.log(drawn.shaped)).toBeCloseTo(step.shapedLogprob, 9);
      expect(drawn.cutBy).toBeUndefined();
    }
    expect(steps.some(({ token, top }) => top?.some((entry) => entry.token === token))).toBe(true);
  });

  it('leaves out the likeliest tokens where nobody asked for them', async () => {
    const { steps } = await told(['Once', '-n', '2', '--seed', '1']);
    expect(steps.map(({ top }) => top)).toEqual([undefined, undefined]);
  });

  it('tells every setting with its origin in the summary', async () => {
    const { summary } = await told(['Once', '-n', '1', '--top-k', '5']);
    expect(summary.prompt).toBe('Once');
    expect(summary.model.name).toBe('kelvin-story');
    expect(summary.settings.topK).toEqual({ value: 5, origin: 'option' });
    expect(summary.settings.topP).toEqual({ value: 1, origin: 'built-in' });
    // The embedded model's generation_config.json asks for it.
    expect(summary.settings.temperature).toEqual({ value: 0.7, origin: 'model' });
  });

  it('shows every setting with its origin on stderr with --verbose', async () => {
    const { stdout, stderr } = await kelvin([
      ...['generate', 'Once', '-n', '0', '--verbose', '--min-p', '0.25', '--stop', 'a'],
      ...['--logit-bias', '42=-inf'],
    ]);
    expect(stdout).toBe('');
    for (const line of [
      /^model +kelvin-story +built-in$/m,
      /^threads +.+ +built-in$/m,
      /^min-p +0\.25 +flag$/m,
      /^logit-bias +\{"42":"-Infinity"\} +flag$/m,
      /^temperature +0\.7 +model$/m,
      /^top-p +1 +built-in$/m,
      /^max-tokens +0 +flag$/m,
      /^stop +\["a"\] +flag$/m,
    ]) {
      expect(stderr).toMatch(line);
    }
  });
});

describe.concurrent('the seed', () => {
  it('repeats a text in another process; another one tells another text', async () => {
    const write = (seed: string) => kelvin(['generate', ...STORY, '--seed', seed]);
    const [first, again, other] = await Promise.all([write('11'), write('11'), write('12')]);
    expect(first.stdout).toBe(again.stdout);
    expect(first.stdout).not.toBe(other.stdout);
  });

  it('is reported where it was left to chance, and repeats that text', async () => {
    const { steps, summary, ended } = await told(STORY);
    expect(ended.stderr).toContain(`seed ${summary.seed},`);
    expect(summary.settings.seed).toEqual({ value: summary.seed, origin: 'built-in' });
    const again = await kelvin(['generate', ...STORY, '--seed', String(summary.seed)]);
    expect(again.stdout).toBe(joined(steps));
  });
});

describe.concurrent('the ends of temperature', () => {
  it('is the argmax at 0, whatever the seed', async () => {
    const cold = ['Tom had a dog', '-n', '40', '--temperature', '0'];
    const [one, two] = await Promise.all([
      told([...cold, '--logprobs', '2', '--seed', '1']),
      told([...cold, '--seed', '2']),
    ]);
    expect(one.steps.length).toBeGreaterThan(5);
    for (const { rank, token, top } of one.steps) {
      expect(rank).toBe(1);
      expect(top![0]).toMatchObject({ token, shaped: 1 });
      expect(top![1]).toMatchObject({ shaped: 0, cutBy: 'temperature' });
      expect(top![0]!.raw).toBeGreaterThanOrEqual(top![1]!.raw);
    }
    expect(joined(two.steps)).toBe(joined(one.steps));
  });

  it('is equal chances at Infinity, however that is written', async () => {
    const hot = ['Once', '-n', '8', '--seed', '5', '--logprobs', '9999', '--temperature'];
    const [long, short] = await Promise.all([told([...hot, 'Infinity']), told([...hot, 'inf'])]);
    const [{ top, entropy }] = long.steps as [(typeof long.steps)[number]];
    for (const { shaped } of top!) expect(shaped).toBeCloseTo(1 / top!.length, 12);
    expect(entropy).toBeCloseTo(Math.log(top!.length), 9);
    expect(joined(short.steps)).toBe(joined(long.steps));
  });
});
