import type { Contender } from '../contender.ts';
import type { NativeLibrary } from '../native/library.ts';
import type { Setting } from '../settings.ts';

/**
 * llama.cpp's `llama_sampler_sample`, logits in and token out, its array of candidates built anew
 * each time as it does it. Temperature first as in kelvin's default order, or last as in its own.
 */
export function llama(native: NativeLibrary, setting: Setting, temperatureLast = false): Contender {
  const { temperature, topK, topP, minP } = setting;
  const chain = native.chain(temperature, topK, topP, minP, Number(temperatureLast));
  let loaded = 0;
  return {
    name: temperatureLast ? 'llamaLast' : 'llama',
    load(_, index) {
      loaded = index;
    },
    step: () => native.sample(chain, loaded),
    close: () => native.free(chain),
  };
}

/** How many tokens its chain keeps of each of the first rows. */
export function llamaKept(native: NativeLibrary, setting: Setting, rows: number): number[] {
  const { temperature, topK, topP, minP } = setting;
  const chain = native.chain(temperature, topK, topP, minP, 0);
  const kept = Array.from({ length: rows }, (_, index) => native.kept(chain, index));
  native.free(chain);
  return kept;
}
