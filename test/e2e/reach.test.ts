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

interface RawToken {
  readonly token: number;
  readonly p: number;
}
/** Raw probabilities of the first token, descending. */
let raw: RawToken[];
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

const FORCE = 20;

/**
 * Steps of a text that is forced to repeat its likeliest first token: its logit is raised by 20.
 * At step n the history is the begin token (0) and n times that token.
 */
async function repeating(...flags: string[]) {
  const token = raw[0]!.token;
  const forced = await told([...ALL, '-n', '3', '--logit-bias', `${token}=${FORCE}`, ...flags]);
  expect(forced.steps.map((step) => step.token)).toEqual([token, token, token]);
  // A token that is not in the history.
  const other = raw.find((candidate) => candidate.token !== token && candidate.token !== 0)!.token;
  return {
    ...forced,
    lift: (index: number, of = token) => raised(forced.steps[index]!, of, other),
  };
}

type Proof = () => Promise<Told>;

type Flag = Exclude<keyof SamplingOptions, 'constraint'>;

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const entropy = () => -sum(raw.map(({ p }) => p * Math.log(p)));
/** A probability that exactly `count` tokens reach. */
const reachedBy = (count: number) => (raw[count - 1]!.p + raw[count]!.p) / 2;

/** A filter left exactly these, and cut all the others. */
function expectKept({ steps: [step] }: Told, filter: string, tokens: number[]) {
  expect(kept(step!).sort((a, b) => a - b)).toEqual(tokens.sort((a, b) => a - b));
  expect(cutters(step!)).toEqual([filter]);
}

const sampling: Record<Flag, Proof> = {
  async temperature() {
    const proof = await told([...ALL.slice(3), '', '-n', '1', '--temp', '2']);
    const [a, b] = [raw[0]!, raw[9]!];
    const [step] = proof.steps as [StepLine];
    const ratio = entry(step, a.token).shaped / entry(step, b.token).shaped;
    expect(Math.log(ratio)).toBeCloseTo(Math.log(a.p / b.p) / 2, 6);
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
    expect(raised(step, liked, other)).toBeCloseTo(2.5, 5);
    return proof;
  },
  async presencePenalty() {
    const proof = await repeating('--presence-penalty', '1.5');
    expect(proof.lift(0)).toBeCloseTo(FORCE, 5);
    expect(proof.lift(1)).toBeCloseTo(FORCE - 1.5, 5);
    expect(proof.lift(2)).toBeCloseTo(FORCE - 1.5, 5);
    return proof;
  },
  async frequencyPenalty() {
    const proof = await repeating('--frequency-penalty', '1.5');
    expect(proof.lift(0)).toBeCloseTo(FORCE, 5);
    expect(proof.lift(1)).toBeCloseTo(FORCE - 1.5, 5);
    expect(proof.lift(2)).toBeCloseTo(FORCE - 3, 5);
    return proof;
  },
  async penaltyWindow() {
    const proof = await repeating('--frequency-penalty', '1.5', '--penalty-window', '1');
    expect(proof.lift(2)).toBeCloseTo(FORCE - 1.5, 5);
    // The begin token has left the window.
    expect(proof.lift(2, 0)).toBeCloseTo(0, 5);
    return proof;
  },
  async dynamicTemperature() {
    const proof = await one('--dynamic-temperature', 'range=0.5,exponent=2');
    const temperature = 0.5 + (entropy() / Math.log(raw.length)) ** 2;
    const [a, b] = [raw[0]!, raw[9]!];
    const ratio = entry(proof.steps[0]!, a.token).shaped / entry(proof.steps[0]!, b.token).shaped;
    expect(Math.log(ratio)).toBeCloseTo(Math.log(a.p / b.p) / temperature, 6);
    return proof;
  },
  async topNSigma() {
    const logits = raw.map(({ p }) => Math.log(p));
    const mean = sum(logits) / logits.length;
    const sigma = Math.sqrt(sum(logits.map((z) => (z - mean) ** 2)) / logits.length);
    const distance = Math.log(raw[0]!.p / reachedBy(3));
    const proof = await one('--top-n-sigma', String(distance / sigma));
    expectKept(proof, 'topNSigma', likeliest(3));
    return proof;
  },
  async typicalP() {
    const far = ({ p }: { p: number }) => Math.abs(-Math.log(p) - entropy());
    const [first, second] = [...raw].sort((a, b) => far(a) - far(b)) as [RawToken, RawToken];
    const proof = await one('--typical-p', String(first.p + second.p / 2));
    expectKept(proof, 'typicalP', [first.token, second.token]);
    return proof;
  },
  async epsilonCutoff() {
    const proof = await one('--epsilon-cutoff', String(reachedBy(4)));
    expectKept(proof, 'epsilonCutoff', likeliest(4));
    return proof;
  },
  async etaCutoff() {
    // Where the entropy decides: the square root of it times e^-H is the cutoff.
    const typical = Math.exp(-entropy());
    const count = raw.findIndex(({ p }) => p < typical / 2);
    const proof = await one('--eta-cutoff', String((reachedBy(count) / typical) ** 2));
    expectKept(proof, 'etaCutoff', likeliest(count));
    return proof;
  },
  async topA() {
    const proof = await one('--top-a', String(reachedBy(2) / raw[0]!.p ** 2));
    expectKept(proof, 'topA', likeliest(2));
    return proof;
  },
  async topH() {
    const [a, b, c] = raw.map(({ p }) => -p * Math.log(p)) as [number, number, number];
    const proof = await one('--top-h', String((a + b + c / 2) / entropy()));
    expectKept(proof, 'topH', likeliest(2));
    return proof;
  },
  async xtc() {
    const proof = await one('--xtc', `probability=1,threshold=${reachedBy(3)}`);
    const [first, second] = likeliest(2);
    const others = raw.flatMap(({ token }) => (token === first || token === second ? [] : [token]));
    expectKept(proof, 'xtc', others);
    return proof;
  },
  async mirostat() {
    const tau = -Math.log2(reachedBy(2)) / 2;
    const proof = await told([...ALL, '-n', '2', '--mirostat', `version=2,tau=${tau},eta=0.7`]);
    expectKept(proof, 'mirostat', likeliest(2));
    const [first, second] = proof.steps as [StepLine, StepLine];
    const limit = 2 * tau - 0.7 * (-first.shapedLogprob / Math.LN2 - tau);
    for (const { raw, shaped } of second.top!) expect(shaped > 0).toBe(-Math.log2(raw) <= limit);
    return proof;
  },
  async dry() {
    const flags = 'multiplier=1.5,base=2,allowed-length=1';
    const [proof, broken] = await Promise.all([
      repeating('--dry', flags),
      repeating('--dry', `${flags},sequence-breakers=1/${raw[0]!.token}`),
    ]);
    expect(proof.lift(1)).toBeCloseTo(FORCE, 5);
    expect(proof.lift(2)).toBeCloseTo(FORCE - 1.5, 5);
    expect(broken.lift(2)).toBeCloseTo(FORCE, 5);
    return proof;
  },
  async noRepeatNgramSize() {
    const { token } = raw[0]!;
    const forced = ['--logit-bias', `${token}=${FORCE}`, '--no-repeat-ngram-size', '2'];
    const proof = await told([...ALL, '-n', '3', ...forced]);
    expect(proof.steps.map((step) => step.token === token)).toEqual([true, true, false]);
    expect(entry(proof.steps[2]!, token).cutBy).toBe('noRepeatNgram');
    return proof;
  },
  async badWords() {
    const [first, second] = likeliest(2) as [number, number];
    const bad = ['--bad-words', `${first},${first}`, '--bad-words', `${second}`];
    const proof = await told([...ALL, '-n', '2', '--logit-bias', `${first}=${FORCE}`, ...bad]);
    expect(cutters(proof.steps[0]!)).toEqual(['badWords']);
    expect(entry(proof.steps[0]!, second).shaped).toBe(0);
    expect(entry(proof.steps[1]!, first).cutBy).toBe('badWords');
    return proof;
  },
  async bannedTokens() {
    const proof = await one('--banned-tokens', likeliest(3).join(','));
    expectKept(
      proof,
      'bannedTokens',
      raw.slice(3).map(({ token }) => token),
    );
    return proof;
  },
  async allowedTokens() {
    const [a, b, c] = likeliest(3);
    const proof = await one('--allowed-tokens', `${a},${b}`, '--allowed-tokens', `${c}`);
    expectKept(proof, 'allowedTokens', likeliest(3));
    return proof;
  },
  async endTokens() {
    const ends = likeliest(2);
    const proof = await one('--min-new-tokens', '1', '--end-tokens', ends.join(','));
    for (const token of ends) expect(entry(proof.steps[0]!, token).cutBy).toBe('minNewTokens');
    return proof;
  },
  async minNewTokens() {
    // The end token is the model's, 0; forced, it ends the text as soon as it may.
    const ending = ['--logit-bias', `0=${FORCE}`];
    const [soon, late] = await Promise.all([
      told([...ALL, '-n', '9', ...ending]),
      told([...ALL, '-n', '9', ...ending, '--min-new-tokens', '4']),
    ]);
    expect(soon.summary).toMatchObject({ tokens: 1, finishReason: 'end' });
    expect(late.summary).toMatchObject({ tokens: 5, finishReason: 'end' });
    expect(late.summary.settings.endTokens).toEqual({ value: [0], origin: 'model' });
    return late;
  },
  async repetitionPenalty() {
    // The history is the begin token, 0; its logit x becomes x + 25 and is above 0, so it is
    // divided: the change tells x, and with x the other change.
    const lift = ({ steps: [step] }: Told) => raised(step!, 0, raw[5]!.token);
    const biased = ['--logit-bias', '0=25', '--repetition-penalty'];
    const [quarter, half] = await Promise.all([one(...biased, '1.25'), one(...biased, '1.5')]);
    const x = (25 / 1.25 - lift(quarter)) / (1 - 1 / 1.25);
    expect(x + 25).toBeGreaterThan(1);
    expect(lift(half)).toBeCloseTo((x + 25) / 1.5 - x, 4);
    return half;
  },
};

describe.concurrent('every sampling option reaches the token', () => {
  const flags = Object.keys(samplingOptions).filter((name) => name !== 'constraint') as Flag[];
  it.each(flags)('%s', async (name) => {
    const { summary } = await sampling[name]();
    expect(summary.settings[name]!.origin).toBe('option');
  });

  it('but for a constraint, which no text can describe', async () => {
    const { code, stderr } = await kelvin(['generate', '', '--constraint', 'json']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "kelvin: unknown option '--constraint'\n",
    });
  });

  it('and nothing changes the token without one', () => {
    for (const { raw, shaped, cutBy } of plain.steps[0]!.top!) {
      expect(shaped).toBeCloseTo(raw, 7);
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
