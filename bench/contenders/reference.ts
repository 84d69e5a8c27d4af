import { draw } from '../../test/reference/draw.ts';
import { reference } from '../../test/reference/reference.ts';
import { type Contender, microsecondsSince, sink } from '../contender.ts';
import { optionsOf } from '../kelvin.ts';
import { randomOf } from '../random.ts';
import type { Setting } from '../settings.ts';

/** The whole chain in plain Float64 JavaScript, written to be right and not to be fast. */
export function plainReference(setting: Setting, vocabulary: number): Contender {
  const options = optionsOf(setting);
  const row = new Float32Array(vocabulary);
  const random = randomOf(7);
  let step = 0;
  return {
    name: 'reference',
    load(values) {
      row.set(values);
    },
    step() {
      const start = performance.now();
      sink.value += draw(reference(row, options, { step: step++ }), random()).token;
      return microsecondsSince(start);
    },
  };
}
