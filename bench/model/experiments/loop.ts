import { randomModel } from '../models.ts';
import { interleaved, type Plan } from '../rounds.ts';
import { type Row, side } from '../row.ts';

const PROMPT = 64;
const COUNT = 65;

/** What a step has around `session.run`: sampling with all its statistics, text, the step itself. */
export async function loop(plan: Plan): Promise<Row[]> {
  const model = randomModel(plan.quick ? 'quick' : 'gpt2s', 'fp32');
  const answers = await interleaved(model, plan, ['kelvin here'], (child) =>
    child.ask('loop', PROMPT, COUNT),
  );
  const times = answers['kelvin here'];
  const per = (milliseconds: (time: (typeof times)[number]) => number) =>
    side(times.map((time) => ({ wall: milliseconds(time) / (COUNT - 1) })));
  const sides = {
    around: per(({ total, run }) => total - run),
    step: per(({ total }) => total),
  };
  return [{ name: 'loop', model: model.name, at: `${PROMPT}`, per: 'token', sides }];
}
