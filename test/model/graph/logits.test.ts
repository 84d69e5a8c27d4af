import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { argmax } from '../../../src/sampling/index.ts';
import { decoder } from '../decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama, wideGpt2, wideLlama } from '../decoders/shape.ts';
import { story } from '../folders.ts';
import { Runner } from './runner.ts';

type Change = Partial<DecoderShape>;

const PROMPT = Array.from({ length: 61 }, (_, i) => 1 + ((i * 7919) % 2047));
const STEPS = 200;
const ROOM = 24;
const SAME = 1e-5;
/** The same with additions in another order: a few in the last place of the largest logits. */
const ORDERED = 2e-5;
/** Where the cache or the logits are in half precision, and additions in another order. */
const NEAR = 0.01;

const pathOf = (shape: DecoderShape) => join(decoder(shape).folder, 'onnx/model.onnx');

/** The prompt in pieces of `chunk`, then the tokens: logits after the prompt and each of those. */
async function rows(runner: Runner, chunk: number, tokens: readonly number[]) {
  const text = runner.text();
  const all: Float32Array[] = [];
  for (let at = 0; at < PROMPT.length; at += chunk) {
    const piece = PROMPT.slice(at, at + chunk);
    const last = at + chunk >= PROMPT.length;
    all.push(...(await runner.run([text], [piece], last ? undefined : [])));
  }
  for (const token of tokens) all.push(...(await runner.run([text], [[token]])));
  await runner.session.release();
  return all;
}

/** The likeliest tokens after the prompt, and the logits they come from. */
async function greedy(runner: Runner) {
  const text = runner.text();
  const tokens: number[] = [];
  const all = await runner.run([text], [PROMPT]);
  while (tokens.length < STEPS) {
    tokens.push(argmax(all.at(-1)!));
    all.push(...(await runner.run([text], [tokens.slice(-1)])));
  }
  await runner.session.release();
  return { tokens, all };
}

const farthest = (a: readonly Float32Array[], b: readonly Float32Array[]) =>
  Math.max(...a.map((row, i) => row.reduce((m, z, j) => Math.max(m, Math.abs(z - b[i]![j]!)), 0)));

async function agrees(path: string, tolerance: number, exactly = SAME) {
  const { tokens, all } = await greedy(await Runner.plain(path));
  const whole = PROMPT.length;
  const exact = await rows(await Runner.edited(path, { padding: 'none' }), whole, tokens);
  expect(exact.map((row) => argmax(row))).toEqual(all.map((row) => argmax(row)));
  expect(farthest(exact, all)).toBeLessThan(exactly);
  const padded = await rows(await Runner.edited(path, { room: ROOM }), whole, tokens);
  expect(farthest(padded, all)).toBeLessThan(tolerance);
}

/** Compared with the file in the same pieces, as some operators round by what they are given. */
async function agreesInPieces(path: string, tolerance: number, exactly = SAME) {
  const few = PROMPT.slice(0, 5);
  for (const chunk of [20, 1]) {
    const expected = await rows(await Runner.plain(path), chunk, few);
    const exact = await rows(await Runner.edited(path, { padding: 'none' }), chunk, few);
    expect(farthest(exact, expected)).toBeLessThan(exactly);
    const padded = await rows(await Runner.edited(path, { room: ROOM }), chunk, few);
    expect(farthest(padded, expected)).toBeLessThan(tolerance);
  }
}

describe.each([
  ['gpt2', tinyGpt2],
  ['llama', tinyLlama],
] as const)('%s gives the same logits edited, chunked and padded', (_, base) => {
  const half: Change = { cache: 'float16' };
  const written: [Change, number][] = [
    [{}, SAME],
    [{ attention: 'gqa' }, SAME],
    [{ attention: 'gqa', positions: false }, SAME],
    [{ attention: 'gqa', window: 8 }, SAME],
    [{ attention: 'gqa', mask: false }, SAME],
    [{ attention: 'gqa', ...half }, NEAR],
    [{ attention: 'packed' }, SAME],
    [{ attention: 'packed', ...half }, NEAR],
    [{ attention: 'mha', kvHeads: 4 }, SAME],
    [{ attention: 'mha', kvHeads: 4, ...half }, NEAR],
    [{ window: 8 }, SAME],
    [{ mask: false }, SAME],
    [{ positions: false }, SAME],
    [half, NEAR],
    [{ logits: 'float16' }, NEAR],
    [{ norm: 'fused' }, SAME],
    [{ head: 'gemm' }, SAME],
    [{ head: 'transpose', softcap: 4 }, SAME],
    [{ body: 'q4', head: 'q4' }, SAME],
    [{ head: 'q8' }, 0.05],
    [{ body: 'float16', head: 'float16' }, SAME],
    [{ keep: true }, SAME],
    [{ external: true }, SAME],
    [{ described: true }, SAME],
    [{ merged: true }, SAME],
  ];
  it.each(written)('as %o', async (change, tolerance) => {
    const path = pathOf({ ...base, ...change });
    await agrees(path, tolerance);
    // The branch with a past of merged decoders is for single tokens.
    if (!change.merged) await agreesInPieces(path, tolerance);
  });
});

describe.each([
  ['gpt2', wideGpt2],
  ['llama', wideLlama],
  ['llama, a key for each head', { ...wideLlama, kvHeads: 6 }],
] as const)('%s gives the same logits with attention edited', (_, base) => {
  it.each<Change>([
    {},
    { window: 8 },
    { norm: 'fused', head: 'gemm' },
    { body: 'float16', head: 'float16' },
    { keep: true },
    { external: true, described: true },
  ])('as %o', async (change) => {
    const path = pathOf({ ...base, ...change });
    expect(editGraph(path).report.attention).toBe('past and new rows apart');
    await agrees(path, ORDERED, ORDERED);
    await agreesInPieces(path, ORDERED, ORDERED);
  });
});

it('the embedded model gives the same logits', async () => {
  const path = join(story, 'onnx/model.onnx');
  await agrees(path, 3e-5);
  await agreesInPieces(path, 3e-5);
});
