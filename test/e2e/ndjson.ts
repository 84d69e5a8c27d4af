import { expect } from 'vitest';
import { z } from 'zod';
import { type Ended, kelvin } from './kelvin.ts';

const probability = z.number().min(0).max(1);
const natural = z.number().int().min(0);

/** The contract of `--json`: no field more, none less. */
export const StepLine = z.strictObject({
  index: natural,
  token: natural,
  text: z.string(),
  logprob: z.number().max(0),
  shapedLogprob: z.number().max(0),
  entropy: z.number().min(0),
  choices: z.number().min(1),
  rank: z.number().int().min(1),
  top: z
    .array(
      z.strictObject({
        token: natural,
        text: z.string(),
        raw: probability,
        shaped: probability,
        cutBy: z.string().optional(),
      }),
    )
    .optional(),
});

const SummaryLine = z.strictObject({
  summary: z.strictObject({
    model: z.strictObject({
      name: z.string(),
      path: z.string(),
      file: z.string(),
      dtype: z.string(),
      bytes: natural,
    }),
    prompt: z.string(),
    text: z.string(),
    finishReason: z.enum(['end', 'stop', 'length', 'context', 'abort']),
    stop: z.string().optional(),
    promptTokens: natural,
    reusedTokens: natural,
    tokens: natural,
    seed: z.number().int(),
    settings: z.record(
      z.string(),
      z.strictObject({ value: z.unknown(), origin: z.enum(['option', 'model', 'built-in']) }),
    ),
    timings: z.strictObject({ prefillMs: z.number().min(0), decodeMs: z.number().min(0) }),
  }),
});

export type StepLine = z.infer<typeof StepLine>;
export type Told = {
  readonly steps: readonly StepLine[];
  readonly summary: z.infer<typeof SummaryLine>['summary'];
};

/** Reads NDJSON: every line checked, the last one the summary, no other one. */
export function parse(stdout: string): Told {
  expect(stdout.endsWith('\n')).toBe(true);
  const lines = stdout
    .slice(0, -1)
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const { summary } = SummaryLine.parse(lines.pop());
  return { steps: lines.map((line) => StepLine.parse(line)), summary };
}

/** What `kelvin generate --json` tells. */
export async function told(
  args: readonly string[],
  input?: string,
): Promise<Told & { readonly ended: Ended }> {
  const ended = await kelvin(['generate', '--json', ...args], { input });
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return { ...parse(ended.stdout), ended };
}

/** The texts of all steps, joined. */
export const joined = (steps: readonly StepLine[]) => steps.map(({ text }) => text).join('');
