import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { emptyFolder, root } from './folders.ts';

/** Several times as long as the embedded model's context. */
export const stories = join(root, 'training/stories.txt');
/** A few sentences of it. */
export const story = readFileSync(stories, 'utf8').split('\n').slice(0, 2).join('\n');

/** A text that nobody waits for the end of. */
export const LONG = 'The little dog ran to the big tree. '.repeat(3000);

/** A file with this in it. */
export function file(content: string | Uint8Array): string {
  const path = join(emptyFolder(), 'text.txt');
  writeFileSync(path, content);
  return path;
}

const natural = z.number().int().min(0);
const share = z.number().min(0).max(1);
const amount = z.number().min(0);

/** The contract of `kelvin score --json`: no field more, none less. */
export const TokenLine = z.strictObject({
  index: natural,
  token: natural,
  text: z.string(),
  surprisal: amount.optional(),
  entropy: amount.optional(),
  rank: z.number().int().min(1).optional(),
});

const model = z.strictObject({ name: z.string(), file: z.string(), dtype: z.string() });

export const SummaryLine = z.strictObject({
  summary: z.strictObject({
    model,
    tokens: natural,
    surprisal: amount,
    perplexity: z.number().min(1),
    coherence: z.number().max(0),
    distinct: z.strictObject({ 1: share, 2: share, 3: share, 4: share }),
    repetition: z.strictObject({ 2: share, 3: share, 4: share }),
    diversity: share,
    loop: z.strictObject({ period: natural, repeats: natural }).optional(),
    entropy: amount,
    typicality: amount,
    bytes: natural,
    bitsPerByte: amount,
    windows: z.strictObject({ count: natural, length: natural, stride: natural }).optional(),
  }),
});

const Fit = z.strictObject({
  loss: amount,
  calibrationError: share,
  bins: z
    .array(
      z.strictObject({
        low: share,
        high: share,
        count: natural,
        confidence: share,
        accuracy: share,
      }),
    )
    .length(10),
});

/** The contract of `kelvin calibrate --json`. */
export const CalibrationLine = z.strictObject({
  model,
  converged: z.boolean(),
  temperature: z.union([amount, z.literal('Infinity')]),
  interval: z
    .strictObject({ low: amount, high: z.union([amount, z.literal('Infinity')]) })
    .optional(),
  slope: z.number(),
  before: Fit,
  after: Fit,
  tokens: natural,
  every: z.number().int().min(1),
});
