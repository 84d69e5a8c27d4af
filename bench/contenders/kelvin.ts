import { type Contender, microsecondsSince, sink } from '../contender.ts';
import { drawFull, drawToken, optionsOf, Sampler } from '../kelvin.ts';
import type { Setting } from '../settings.ts';

type Make = (setting: Setting, vocabulary: number) => Contender;

const contender =
  (name: string, draw: typeof drawToken, foreign = false): Make =>
  (setting, vocabulary) => {
    const sampler = new Sampler(optionsOf(setting), vocabulary);
    const row = foreign ? new Float32Array(vocabulary) : sampler.row;
    let step = 0;
    return {
      name,
      load(values) {
        row.set(values);
      },
      step() {
        const start = performance.now();
        sink.value += draw(sampler, row, { step: step++ });
        return microsecondsSince(start);
      },
    };
  };

/** The token and nothing else. */
export const kelvinToken = contender('token', drawToken);

/** The token and all that is known about it. */
export const kelvinFull = contender('full', drawFull);

/** The same from a row in the caller's memory, which the sampler has to fetch first. */
export const kelvinForeign = contender('foreign', drawFull, true);
