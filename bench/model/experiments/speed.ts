import type { ContenderName } from '../contenders/index.ts';
import { type Model, randomModel, storyModel } from '../models.ts';
import { interleaved, type Plan } from '../rounds.ts';
import { type Row, side } from '../row.ts';

const PROMPT = 64;
const COUNT = 128;
const LONG_PROMPT = 1024;
const LONG_COUNT = 64;

/** Writing a text, beside the peers. */
export async function speed(plan: Plan): Promise<Row[]> {
  const size = plan.quick ? 'quick' : 'gpt2s';
  const fp32 = randomModel(size, 'fp32');
  const rows = [
    await whole(plan, fp32, ['kelvin', 'hf', 'xenova', 'xenova as is', 'llama']),
    // The older transformers.js has a runtime that does not know four bits.
    await whole(plan, randomModel(size, 'q4'), ['kelvin', 'hf']),
    await whole(plan, storyModel, ['kelvin', 'hf', 'xenova', 'xenova as is']),
  ];
  return [...rows, await behind(plan, fp32, ['kelvin', 'hf', 'llama'])];
}

/** A prompt read and a text written. */
async function whole(plan: Plan, model: Model, names: readonly ContenderName[]): Promise<Row> {
  const answers = await interleaved(model, plan, names, (child) =>
    child.ask('generate', PROMPT, COUNT),
  );
  const sides = Object.fromEntries(
    names.map((name) => [
      name,
      side(
        answers[name].map(({ all }) => all),
        1 / COUNT,
      ),
    ]),
  );
  return { name: 'speed', model: model.name, at: `${PROMPT}+${COUNT}`, per: 'token', sides };
}

/** The tokens behind a long prompt, reading it left out. */
async function behind(plan: Plan, model: Model, names: readonly ContenderName[]): Promise<Row> {
  const answers = await interleaved(model, plan, names, (child) =>
    child.ask('generate', LONG_PROMPT, LONG_COUNT),
  );
  const sides = Object.fromEntries(
    names.map((name) => [
      name,
      side(
        answers[name].map(({ later }) => later),
        1 / (LONG_COUNT - 1),
      ),
    ]),
  );
  return { name: 'speed', model: model.name, at: `at ${LONG_PROMPT}`, per: 'token', sides };
}
