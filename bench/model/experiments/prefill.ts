import { randomModel } from '../models.ts';
import { afresh, type Plan } from '../rounds.ts';
import { type Row, side } from '../row.ts';

const TOKENS = 1000;

/** Reading a long prompt, in a process that has done nothing else. */
export async function prefill(plan: Plan): Promise<Row[]> {
  const model = randomModel(plan.quick ? 'quick' : 'gpt2s', 'fp32');
  const answers = await afresh(model, plan, ['kelvin here', 'unedited'], (child) =>
    child.ask('prefill', TOKENS),
  );
  const sides = { kelvin: side(answers['kelvin here']), unedited: side(answers.unedited) };
  return [{ name: 'prefill', model: model.name, at: `${TOKENS}`, per: 'prompt', sides }];
}
