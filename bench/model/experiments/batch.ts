import { randomModel } from '../models.ts';
import { interleaved, type Plan } from '../rounds.ts';
import { type Row, side } from '../row.ts';

const ROWS = 8;
/** Short, as prompts are read one after the other. */
const PROMPT = 16;
const COUNT = 96;

/** Several texts at once beside one: milliseconds for each token of all of them. */
export async function batch(plan: Plan): Promise<Row[]> {
  const model = randomModel(plan.quick ? 'quick' : 'gpt2s', 'fp32');
  const { kelvin } = await interleaved(model, plan, ['kelvin'], async (child) => ({
    one: (await child.ask('generate', PROMPT, COUNT)).all,
    together: (await child.ask('batch', ROWS, PROMPT, COUNT))!,
  }));
  const sides = {
    one: side(
      kelvin.map(({ one }) => one),
      1 / COUNT,
    ),
    together: side(
      kelvin.map(({ together }) => together),
      1 / (ROWS * COUNT),
    ),
  };
  return [{ name: 'batch', model: model.name, at: `${ROWS} rows`, per: 'token', sides }];
}
