import { peer } from '../peer.ts';
import { compile } from './compile.ts';

type Pointer = object;
interface Koffi {
  load(path: string, options: object): { func(prototype: string): (...args: unknown[]) => unknown };
}

/** The compiled library's functions; times are microseconds measured inside of it. */
export interface NativeLibrary {
  rows(values: Float32Array, count: number, vocabulary: number): void;
  chain(
    temperature: number,
    topK: number,
    topP: number,
    minP: number,
    temperatureLast: number,
  ): Pointer;
  free(chain: Pointer): void;
  sample(chain: Pointer, index: number): number;
  kept(chain: Pointer, index: number): number;
  read(index: number): number;
}

/** Compiles the library if need be and binds it; undefined, with a word on stderr, if it cannot. */
export async function loadNative(): Promise<NativeLibrary | undefined> {
  const compiled = compile();
  if ('failure' in compiled) {
    console.error(`no llama.cpp column: ${compiled.failure}`);
    return undefined;
  }
  const { default: koffi } = (await peer('koffi/index.js')) as { readonly default: Koffi };
  const library = koffi.load(compiled.library, { lazy: true });
  return {
    rows: library.func('void harness_rows(const float *, int, int)'),
    chain: library.func('void *harness_chain(float, int, float, float, int)'),
    free: library.func('void harness_free(void *)'),
    sample: library.func('double harness_sample(void *, int)'),
    kept: library.func('int harness_kept(void *, int)'),
    read: library.func('double harness_read(int)'),
  } as NativeLibrary;
}
