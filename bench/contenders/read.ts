import { type Contender, microsecondsSince, sink } from '../contender.ts';
import type { NativeLibrary } from '../native/library.ts';
import { wasmRead } from '../native/wasm-read.ts';

/** So many floats are summed per timing that the clock itself does not count. */
const FLOATS_PER_TIMING = 1 << 17;

/**
 * The least that looking at the logits can cost: their sum. The better of WebAssembly and, where
 * there is one, the native library, each on a row that is in its memory already.
 */
export function plainRead(native: NativeLibrary | undefined, vocabulary: number): Contender {
  const { row, read } = wasmRead(vocabulary);
  const repeats = Math.ceil(FLOATS_PER_TIMING / vocabulary);
  let loaded = 0;
  return {
    name: 'read',
    load(values, index) {
      row.set(values);
      loaded = index;
    },
    step() {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) sink.value += read();
      const wasm = microsecondsSince(start) / repeats;
      return Math.min(wasm, native?.read(loaded) ?? Infinity);
    },
  };
}
