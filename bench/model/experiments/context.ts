import { randomModel } from '../models.ts';
import { interleaved, type Plan } from '../rounds.ts';
import { type Row, type Side, side } from '../row.ts';

const STEPS = 8;

/** A step at growing lengths of the text: the graph as kelvin runs it, and as it is in the file. */
export async function context(plan: Plan): Promise<Row[]> {
  const lengths = plan.quick ? [64, 256, 512] : [64, 512, 1024, 2048];
  const rows: Row[] = [];
  for (const variant of ['fp32', 'gqa'] as const) {
    const model = randomModel(plan.quick ? 'quick' : 'gpt2s', variant);
    const answers = await interleaved(model, plan, ['kelvin here', 'unedited'], async (child) => {
      const times = [];
      for (const length of lengths) times.push(await child.ask('steps', length, STEPS));
      return times;
    });
    const sides = lengths.map((_, i) =>
      Object.fromEntries(
        Object.entries(answers).map(([name, rounds]): [string, Side] => [
          name === 'unedited' ? name : 'kelvin',
          side(rounds.flatMap((times) => times[i])),
        ]),
      ),
    );
    const facts = { model: model.name, per: 'token' };
    rows.push(
      ...sides.map((all, i) => ({ ...facts, name: 'context', at: `${lengths[i]}`, sides: all })),
      {
        ...facts,
        name: 'growth',
        at: `${lengths.at(-1)} to ${lengths[0]}`,
        sides: { long: sides.at(-1)!.kelvin, short: sides[0].kelvin },
      },
    );
  }
  return rows;
}
