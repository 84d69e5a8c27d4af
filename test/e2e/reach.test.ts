import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SamplingOptions, samplingOptions } from 'kelvin/sampling';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelCopy } from './folders.ts';
import { kelvin, start } from './kelvin.ts';
import { type StepLine, type Told, told } from './ndjson.ts';

// One proof per flag that it reaches the token: it fails if the flag is parsed and then forgotten.
// All begin a new text at temperature 1, so that shaped = raw where a flag does nothing, and tell
// all 2048 tokens. Expected values come from the raw probabilities by hand, not from the sampler.

const ALL = ['', '--temperature', '1', '--logprobs', '2048', '--seed', '1'];
const one = (...flags: string[]) => told([...ALL, '-n', '1', ...flags]);

/** Raw probabilities of the first token, descending. */
let raw: { token: number; p: number }[];
let plain: Told;
beforeAll(async () => {
  plain = await one();
  raw = plain.steps[0]!.top!.map(({ token, raw }) => ({ token, p: raw })).sort(
    (a, b) => b.p - a.p || a.token - b.token,
  );
});

const kept = (step: StepLine) =>
  step.top!.flatMap(({ token, shaped }) => (shaped > 0 ? [token] : []));
const likeliest = (count: number) => raw.slice(0, count).map(({ token }) => token);
const cutters = (step: StepLine) => [...new Set(step.top!.flatMap(({ cutBy }) => cutBy ?? []))];
const entry = (step: StepLine, token: number) =>
  step.top!.find((candidate) => candidate.token === token)!;

/** How much a token's logit was raised against another's. */
function raised(step: StepLine, token: number, other: number): number {
  const [a, b] = [entry(step, token), entry(step, other)];
  return Math.log(a.shaped / b.shaped) - Math.log(a.raw / b.raw);
}

/**
 * Steps of a text that is forced to repeat its likeliest first token: its logit is raised by 100.
 * At step n the history is the begin token (0) and n times that token.
 */
async function repeating(...flags: string[]) {
  const token = raw[0]!.token;
  const forced = await told([...ALL, '-n', '3', '--logit-bias', `${token}=100`, ...flags]);
  expect(forced.steps.map((step) => step.token)).toEqual([token, token, token]);
  // A token that is not in the history.
  const other = raw.find((candidate) => candidate.token !== token && candidate.token !== 0)!.token;
  return {
    ...forced,
    lift: (index: number, of = token) => raised(forced.steps[index]!, of, other),
  };
}

type Proof = () => Promise<Told>;

const sampling: Record<keyof SamplingOptions, Proof> = {
  async temperature() {
    const proof = await told([...ALL.slice(3), '', '-n', '1', '--temp', '2']);
    const [a, b] = [raw[0]!, raw[9]!];
    const [step] = proof.steps as [StepLine];
    const ratio = entry(step, a.token).shaped / entry(step, b.token).shaped;
    expect(Math.log(ratio)).toBeCloseTo(Math.log(a.p / b.p) / 2, 9);
    return proof;
  },
  async topK() {
    const proof = await one('--top-k', '1');
    expect(kept(proof.steps[0]!)).toEqual(likeliest(1));
    expect(cutters(proof.steps[0]!)).toEqual(['topK']);
    expect(proof.steps[0]!.top!.filter(({ cutBy }) => cutBy === 'topK')).toHaveLength(2047);
    return proof;
  },
  async topP() {
    const proof = await one('--top-p', String(raw[0]!.p + raw[1]!.p + raw[2]!.p / 2));
    expect(kept(proof.steps[0]!)).toEqual(likeliest(3));
    expect(cutters(proof.steps[0]!)).toEqual(['topP']);
    return proof;
  },
  async minP() {
    const proof = await one('--min-p', String((raw[1]!.p + raw[2]!.p) / 2 / raw[0]!.p));
    expect(kept(proof.steps[0]!)).toEqual(likeliest(2));
    expect(cutters(proof.steps[0]!)).toEqual(['minP']);
    return proof;
  },
  async minTokensToKeep() {
    const proof = await one('--top-k', '1', '--min-tokens-to-keep', '4');
    expect(kept(proof.steps[0]!)).toEqual(likeliest(4));
    return proof;
  },
  async order() {
    // Cuts the second token where it is judged before the temperature makes it likelier.
    const ratio = raw[1]!.p / raw[0]!.p;
    const hot = ['--temperature', '4', '--min-p', String((ratio + ratio ** 0.25) / 2)];
    const [first, last, list] = await Promise.all([
      one(...hot),
      one(...hot, '--order', 'temperature-last'),
      one(...hot, '--order', 'min-p,temperature'),
    ]);
    expect(kept(first.steps[0]!).length).toBeGreaterThan(1);
    expect(kept(last.steps[0]!)).toEqual(likeliest(1));
    expect(kept(list.steps[0]!)).toEqual(likeliest(1));
    return last;
  },
  async seed() {
    const write = (seed: string) => told(['', '-n', '40', '--seed', seed]);
    const [one, same, negative] = await Promise.all([write('21'), write('21'), write('-21')]);
    expect(same.summary.text).toBe(one.summary.text);
    expect(negative.summary.text).not.toBe(one.summary.text);
    expect([one.summary.seed, negative.summary.seed]).toEqual([21, -21]);
    return one;
  },
  async logitBias() {
    const [banned, liked, other] = likeliest(3) as [number, number, number];
    const proof = await one('--logit-bias', `${banned}=-inf`, '--logit-bias', `${liked}=2.5`);
    const [step] = proof.steps as [StepLine];
    expect(entry(step, banned)).toMatchObject({ shaped: 0, cutBy: 'logitBias' });
    expect(raised(step, liked, other)).toBeCloseTo(2.5, 9);
    return proof;
  },
  async presencePenalty() {
    const proof = await repeating('--presence-penalty', '1.5');
    expect(proof.lift(0)).toBeCloseTo(100, 6);
    expect(proof.lift(1)).toBeCloseTo(98.5, 6);
    expect(proof.lift(2)).toBeCloseTo(98.5, 6);
    return proof;
  },
  async frequencyPenalty() {
    const proof = await repeating('--frequency-penalty', '1.5');
    expect(proof.lift(0)).toBeCloseTo(100, 6);
    expect(proof.lift(1)).toBeCloseTo(98.5, 6);
    expect(proof.lift(2)).toBeCloseTo(97, 6);
    return proof;
  },
  async penaltyWindow() {
    const proof = await repeating('--frequency-penalty', '1.5', '--penalty-window', '1');
    expect(proof.lift(2)).toBeCloseTo(98.5, 6);
    // The begin token has left the window.
    expect(proof.lift(2, 0)).toBeCloseTo(0, 6);
    return proof;
  },
  async repetitionPenalty() {
    const [two, four] = await Promise.all([
      repeating('--repetition-penalty', '2'),
      repeating('--repetition-penalty', '4'),
    ]);
    // x + 100 is above 0, so it is divided: its change tells x, and with x the other change.
    const x = 100 - 2 * two.lift(1);
    expect(four.lift(1)).toBeCloseTo((x + 100) / 4 - x, 6);
    expect(two.lift(1)).toBeLessThan(60);
    return two;
  },
};

describe.concurrent('every sampling option reaches the token', () => {
  it.each(Object.keys(samplingOptions) as (keyof SamplingOptions)[])('%s', async (name) => {
    const { summary } = await sampling[name]();
    expect(summary.settings[name]!.origin).toBe('option');
  });

  it('and nothing changes the token without one', () => {
    for (const { raw, shaped, cutBy } of plain.steps[0]!.top!) {
      expect(shaped).toBeCloseTo(raw, 12);
      expect(cutBy).toBeUndefined();
    }
  });
});

describe.concurrent('every other flag does what it says', () => {
  it('max-tokens, short and long', async () => {
    const [short, long] = await Promise.all([told(['', '-n', '3']), told(['', '--max-tokens=2'])]);
    expect(short.summary).toMatchObject({ tokens: 3, finishReason: 'length' });
    expect(long.summary).toMatchObject({ tokens: 2, finishReason: 'length' });
  });

  it('logprobs', async () => {
    const { steps } = await told(['', '-n', '2', '--logprobs', '3']);
    expect(steps.map(({ top }) => top?.length)).toEqual([3, 3]);
  });

  it('model and dtype', async () => {
    const folder = modelCopy();
    const file = (name: string) => join(folder, 'onnx', name);
    cpSync(file('model.onnx'), file('model_quantized.onnx'));
    const [usual, small] = await Promise.all([
      told(['', '-n', '1', '--model', folder]),
      told(['', '-n', '1', '-m', folder, '--dtype', 'q8']),
    ]);
    expect(usual.summary.model).toMatchObject({ file: file('model.onnx'), dtype: 'fp32' });
    expect(small.summary.model).toMatchObject({ file: file('model_quantized.onnx'), dtype: 'q8' });
  });

  it.skipIf(process.platform !== 'linux')('threads', async () => {
    const count = async (threads: string) => {
      const { child, ended } = start(['generate', '', '-n', '99', '--threads', threads]);
      await once(child.stdout, 'data');
      const tasks = readdirSync(`/proc/${child.pid}/task`).length;
      child.kill();
      await ended;
      return tasks;
    };
    // One of a step's threads is the thread that asks for it.
    expect((await count('6')) - (await count('1'))).toBe(5);
  });

  it('verbose tells of them as given', async () => {
    const flags = ['--dtype', 'fp32', '--threads', '1', '-m', 'kelvin-story', '-n', '0'];
    const { stderr } = await kelvin(['generate', '', '--verbose', ...flags]);
    expect(stderr).toMatch(/^model +kelvin-story +flag$/m);
    expect(stderr).toMatch(/^dtype +fp32 +flag$/m);
    expect(stderr).toMatch(/^threads +1 +flag$/m);
  });
});
