import type { Plan } from '../rounds.ts';
import type { Row } from '../row.ts';
import { batch } from './batch.ts';
import { context } from './context.ts';
import { load } from './load.ts';
import { loop } from './loop.ts';
import { prefill } from './prefill.ts';
import { speed } from './speed.ts';
import { ticks } from './ticks.ts';

export const experiments: Readonly<Record<string, (plan: Plan) => Promise<Row[]>>> = {
  context,
  loop,
  speed,
  prefill,
  load,
  batch,
  ticks,
};
