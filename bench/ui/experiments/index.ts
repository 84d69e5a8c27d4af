import type { Plan, Row } from '../row.ts';
import { frames } from './frames.ts';
import { idle } from './idle.ts';
import { keys } from './keys.ts';
import { memory } from './memory.ts';
import { speed } from './speed.ts';

export const experiments: Readonly<Record<string, (plan: Plan) => Promise<Row[]>>> = {
  speed,
  keys,
  idle,
  frames,
  memory,
};
