import { readFileSync } from 'node:fs';
import { Calibration, loadModel, logSoftmax, type Model, type Read } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { decoder } from '../model/decoders/decoder.ts';
import { tinyGpt2 } from '../model/decoders/shape.ts';

const stories = readFileSync(new URL('../../training/stories.txt', import.meta.url), 'utf8');
let model: Model;
let tokens: number[];
beforeAll(async () => {
  model = await loadModel();
  tokens = (await model.encode(stories)).slice(0, 1200);
});
afterAll(() => model.dispose());

async function readsOf(tokens: readonly number[], of = model): Promise<Read[]> {
  const reads: Read[] = [];
  for await (const read of of.score(tokens)) reads.push(read);
  return reads;
}

const smaller = {
  layers: 1,
  width: 8,
  heads: 2,
  kvHeads: 2,
  inner: 8,
  vocabulary: 64,
  context: 128,
};

const meanLoss = (reads: readonly Read[]) =>
  -reads.reduce((sum, { logprob }) => sum + logprob!, 0) / reads.length;

describe('a text longer than the context', () => {
  it('is scored in windows half a context apart, the last one at its end', async () => {
    const whole = await readsOf(tokens);
    const parts = [
      await readsOf(tokens.slice(0, 512)),
      (await readsOf(tokens.slice(256, 768))).slice(256),
      (await readsOf(tokens.slice(512, 1024))).slice(256),
      (await readsOf(tokens.slice(688, 1200))).slice(336),
    ].flat();
    expect(whole.map(({ token }) => token)).toEqual(tokens);
    const seen = ({ logprob, rawEntropy, rank }: Read) => [logprob, rawEntropy, rank];
    expect(whole.map(seen)).toEqual(parts.map(seen));
    expect(whole.map(({ text }) => text).join('')).toBe(await model.decode(tokens));
  });

  it('is calibrated by the same rows', async () => {
    const [{ before, tokens: measured, every }, reads] = await Promise.all([
      model.calibrate(tokens),
      readsOf(tokens),
    ]);
    expect({ measured, every }).toEqual({ measured: 1199, every: 1 });
    expect(before.loss).toBeCloseTo(meanLoss(reads.slice(1)), 6);
  });
});

describe('calibration', () => {
  it('finds the temperature of the least loss, as the rows themselves have it', async () => {
    const text = tokens.slice(0, 200);
    const local = await LocalModel.open();
    const sequence = local.lonelySequence();
    const rows: Float32Array[] = [];
    for await (const row of sequence.decodeEach(text.slice(0, -1))) rows.push(row.slice());
    const loss = (temperature: number) =>
      -rows.reduce((sum, row, i) => sum + logSoftmax(row, temperature)[text[i + 1]!]!, 0) /
      rows.length;
    const direct = new Calibration();
    rows.forEach((row, i) => {
      direct.add(row, text[i + 1]!);
    });
    const { tokens: measured, every, ...fit } = await model.calibrate(text);
    const { temperature, slope, before, after } = fit;
    expect(before.loss).toBeCloseTo(loss(1), 6);
    expect(after.loss).toBeCloseTo(loss(temperature), 6);
    expect(after.loss).toBeLessThan(before.loss);
    for (const factor of [0.98, 1.02])
      expect(loss(temperature * factor)).toBeGreaterThan(loss(temperature));
    expect(Math.abs(slope)).toBeLessThan(1e-9);
    expect(fit).toEqual(direct.fit());
    expect({ measured, every }).toEqual({ measured: 199, every: 1 });
    await local.dispose();
  });

  it('tells how far it is, and ends where it is aborted', async () => {
    const told: number[] = [];
    await model.calibrate(tokens.slice(0, 200), undefined, (read, total) => {
      told.push(read);
      expect(total).toBe(199);
    });
    expect(told).toEqual([64, 128, 192, 199]);
    const abort = new AbortController();
    const ended = model.calibrate(tokens, abort.signal, () => abort.abort());
    await expect(ended).rejects.toThrow(abort.signal.reason);
    await expect(model.calibrate(tokens, abort.signal)).rejects.toThrow(abort.signal.reason);
    expect((await model.calibrate(tokens.slice(0, 3))).tokens).toBe(2);
  });

  it('refuses a text in which nothing was seen coming, what is none, and ids outside the vocabulary', async () => {
    await expect(model.calibrate('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(model.calibrate([0, 1e6])).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    for (const none of [7, null, undefined, {}, () => 'text', [0, '1'], Int32Array.of(0, 1)])
      await expect(model.calibrate(none as never)).rejects.toMatchObject({
        code: expect.stringMatching(/^INVALID_(ARGUMENT|TOKEN)$/),
      });
  });

  it('measures some of the tokens of a text that has very many', async () => {
    const { folder } = decoder({ ...tinyGpt2, ...smaller });
    const small = await loadModel(folder);
    const long = Array.from({ length: 32_771 }, (_, i) => (i * i) % 61);
    const result = await small.calibrate(long);
    expect(result).toMatchObject({ tokens: 16_385, every: 2 });
    const reads = (await readsOf(long, small)).slice(1).filter((_, i) => i % 2 === 0);
    expect(result.before.loss).toBeCloseTo(meanLoss(reads), 6);
    await small.dispose();
  });
});
