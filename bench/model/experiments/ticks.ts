import { randomModel } from '../models.ts';
import { interleaved, type Plan } from '../rounds.ts';
import { type Row, side } from '../row.ts';

const PROMPT = 64;
const COUNT = 32;

/** How far apart a timer's ticks are on the main thread while a text is written, and while none is. */
export async function ticks(plan: Plan): Promise<Row[]> {
  const model = randomModel(plan.quick ? 'quick' : 'gpt2s', 'fp32');
  const { kelvin } = await interleaved(model, plan, ['kelvin'], (child) =>
    child.ask('ticks', PROMPT, COUNT),
  );
  const sides = {
    idle: side(kelvin.map(({ idle }) => ({ wall: idle }))),
    writing: side(kelvin.map(({ busy }) => ({ wall: busy }))),
  };
  return [{ name: 'ticks', model: model.name, at: '', per: 'tick', sides }];
}
