import { randomModel } from '../models.ts';
import { afresh, type Plan } from '../rounds.ts';
import { type Row, side } from '../row.ts';

/** Opening the file; and all that `loadModel` does: worker, tokenizer, file. */
export async function load(plan: Plan): Promise<Row[]> {
  const model = randomModel(plan.quick ? 'quick' : 'gpt2s', 'fp32');
  const names = ['kelvin session', 'unedited', 'kelvin'] as const;
  const answers = await afresh(model, plan, names, async (child) => child.opened);
  const sides = {
    kelvin: side(answers['kelvin session']),
    unedited: side(answers.unedited),
    loadModel: side(answers.kelvin),
  };
  return [{ name: 'load', model: model.name, at: '', per: 'load', sides }];
}
