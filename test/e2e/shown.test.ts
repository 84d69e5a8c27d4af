// What the screen shows is what the library computes for the same place and settings.
import { spawnSync } from 'node:child_process';
import { generate, loadModel, type SamplingOptions } from 'kelvin';
import { TemperatureCurve, tradeOff } from 'kelvin/evaluation';
import { Sampler } from 'kelvin/sampling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { Terminal } from './terminal.ts';

const PROMPT = 'Once upon a time';
const LENGTH = 12;
/** As many candidates are in the list that is shown the beginning of. */
const LISTED = 40;
const BEGUN: SamplingOptions = { temperature: 0.9, topP: 0.9, repetitionPenalty: 1.1, seed: 7 };
const FLAGS = `--temperature 0.9 --top-p 0.9 --repetition-penalty 1.1 --seed 7 -n ${LENGTH} --pace inf`;

interface Place {
  readonly logits: Float32Array;
  readonly before: readonly number[];
}

/** What follows the prompt after each number of tokens. */
const places: Place[] = [];
let prompt: readonly number[];
let labels: readonly string[];
let terminal: Terminal;

async function readPlaces(): Promise<void> {
  const model = await loadModel();
  const tokens: number[] = [];
  for await (const { token } of generate(model, PROMPT, { ...BEGUN, maxTokens: LENGTH }))
    tokens.push(token);
  await model.dispose();
  const local = await LocalModel.open();
  prompt = local.tokenizer.encode(PROMPT);
  const sequence = local.sequence();
  let row = await sequence.decode(prompt);
  for (let place = 0; place <= LENGTH; place++) {
    places.push({ logits: row.slice(), before: tokens.slice(0, place) });
    if (place < LENGTH) row = await sequence.decode([tokens[place]!]);
  }
  labels = Array.from({ length: 2048 }, (_, token) => local.tokenizer.label(token));
  await local.dispose();
}

/** Numbers as they are on the screen: three digits, and an exponent where it is small. */
function expectShown(shown: string, value: number): void {
  const text = shown.replace('−', '-');
  if (value === 0) {
    expect(Number(text)).toBe(0);
    return;
  }
  const [digits] = text.split('e');
  const unit = 10 ** -(digits!.split('.')[1]?.length ?? 0) * 10 ** Number(text.split('e')[1] ?? 0);
  // Above 99.95 % the last digit is not rounded, as 100 would say that it is all.
  expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(unit * (value > 99.95 ? 1 : 0.501));
}

const NAMES: Record<string, string> = {
  ...{ 'top-p': 'topP', 'top-k': 'topK', 'min-p': 'minP' },
  ...{ 'top-n': 'topNSigma', temp: 'temperature' },
};
const nameOf = (shown: string) => NAMES[shown] ?? shown;
const ROW = /│([▸ ])\s*(\d+) (\S+)\s+(?:[█▌▀▄▙▛▘▖]+\s+)?([\d.e-]+)\s+([\d.e–-]+|–)(?: +(\S+))?$/;

/** Checks all numbers of a screen of 140 x 40 against a sampler. */
function expectSampled(screen: string, place: number, options: SamplingOptions): void {
  const { logits, before } = places[place]!;
  const sampler = new Sampler(options);
  sampler.reset(prompt);
  for (const token of before) sampler.accept(token);
  const seen = sampler.inspect(logits, { top: LISTED, edges: true });
  const drawn = sampler.sampleToken(logits, { step: place });

  const lines = screen.split('\n').map((line) => line.trimEnd());
  const rows = lines.flatMap((line) => {
    const match = ROW.exec(line);
    return match ? [match] : [];
  });
  expect(rows.length).toBeGreaterThanOrEqual(8);
  // Behind the list a token's place is that in the model's own distribution.
  const byLogit = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  const tokenAt = (rank: number) =>
    rank <= LISTED ? seen.candidates[rank - 1]!.token : byLogit[rank - 1]!;
  const shownTokens = rows.map(([, , rank]) => tokenAt(Number(rank)));
  expect(
    rows.filter(([, mark]) => mark === '▸').map(([, , rank]) => tokenAt(Number(rank))),
  ).toEqual([drawn]);
  for (const [i, [, , , text, raw, shaped, cut]] of rows.entries()) {
    const candidate = sampler.candidate(logits, shownTokens[i]!);
    expect(text).toBe(
      labels[candidate.token]!.replaceAll(' ', '·').replaceAll('\n', '⏎') || `#${candidate.token}`,
    );
    expectShown(raw!, 100 * candidate.raw);
    if (candidate.cutBy === undefined) {
      expectShown(shaped!, 100 * candidate.shaped);
      expect(cut).toBeUndefined();
    } else {
      expect(shaped).toBe('–');
      expect(nameOf(cut!)).toBe(candidate.cutBy);
    }
  }
  for (const { token } of seen.candidates.slice(0, 8)) expect(shownTokens).toContain(token);
  for (const { token } of seen.edges!) expect(shownTokens).toContain(token);

  const whole = lines.join('\n');
  const [, kept, cuts] = /kept (\d+) of 2048(?: · cut (.*))?$/m.exec(whole)!;
  expect(Number(kept)).toBe(seen.kept);
  const told = [...(cuts ?? '').matchAll(/(\S+) ([\d.e-]+) %/g)];
  const acting = seen.cuts.filter(({ tokens }) => tokens > 0);
  expect(told.map(([, name]) => nameOf(name!))).toEqual(acting.map(({ name }) => name));
  for (const [i, [, , mass]] of told.entries()) expectShown(mass!, 100 * acting[i]!.mass);

  const now = tradeOff(sampler.probabilities(logits), logits);
  const fact = (pattern: RegExp, ...values: number[]) => {
    const match = pattern.exec(whole)!;
    for (const [i, value] of values.entries()) expectShown(match[i + 1]!, value);
  };
  fact(/entropy +(\S+) bits of (\S+)/, seen.entropy / Math.LN2, seen.rawEntropy / Math.LN2);
  fact(/choices +(\S+) of (\S+)/, Math.exp(seen.entropy), Math.exp(seen.rawEntropy));
  fact(/─ (\S+) choices ─/, Math.exp(seen.entropy));
  fact(/coherence +(\S+) nats/, now.coherence);
  fact(/gap +(\S+) nats/, new TemperatureCurve(logits).gapBelow(now));
}

describe.skipIf(spawnSync('tmux', ['-V']).error)('what is shown', () => {
  beforeAll(async () => {
    terminal = await Terminal.open(140, 40);
    terminal.type(`tune '${PROMPT}' ${FLAGS}`);
    await readPlaces();
    await terminal.displays(`token ${LENGTH}/${LENGTH}`);
  });
  afterAll(() => terminal.close());

  const shows = (place: number, options: SamplingOptions) =>
    terminal.passes((screen) => expectSampled(screen, place, options));

  it('is what is sampled, at every place', async () => {
    await shows(LENGTH, BEGUN);
    for (let place = LENGTH - 1; place >= LENGTH - 4; place--) {
      terminal.press('Left');
      await shows(place, BEGUN);
    }
    terminal.press('Home');
    for (let place = 0; place < 5; place++) {
      await shows(place, BEGUN);
      terminal.press('Right');
    }
    await shows(5, BEGUN);
  });

  it.each<[string[], string, SamplingOptions]>([
    [['T', 'T'], 'τ 1', { ...BEGUN, temperature: 1 }],
    [['P', 'P', 'P', 'P', 'P'], 'r 1.10 τ 1', { temperature: 1, repetitionPenalty: 1.1, seed: 7 }],
    [['r', 'r', 'r'], 'τ 1', { seed: 7 }],
    [['M', 'M', 'M'], 'm .03', { minP: 0.03, seed: 7 }],
    [Array(17).fill('k'), 'k 5 m .03', { topK: 5, minP: 0.03, seed: 7 }],
    [['o'], 'k 5 m .03 τ 1', { topK: 5, minP: 0.03, order: 'temperature-last', seed: 7 }],
    [
      ['n', 'n', 'n'],
      'nσ 2',
      { topNSigma: 2, topK: 5, minP: 0.03, order: 'temperature-last', seed: 7 },
    ],
    [['0', ...Array(18).fill('t')], 'τ 0', { ...BEGUN, temperature: 0 }],
    [Array(45).fill('T'), 'τ ∞', { ...BEGUN, temperature: Infinity }],
  ])('is what is sampled, turned to $1', async (keys, summary, options) => {
    terminal.press(...keys);
    await terminal.displays(summary);
    await shows(5, options);
  });
});
