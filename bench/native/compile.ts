import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Compiles llama.cpp's samplers and the harness into a shared library, if that is not done yet.
 *
 * Unbound symbols are wanted: only what is called gets bound.
 *
 * @returns the library's path, or the reason why there is none
 */
export function compile(): { readonly library: string } | { readonly failure: string } {
  const sources = pathOf('../node_modules/llama.rn/cpp');
  const files = [`${sources}/llama-sampler.cpp`, pathOf('harness.cpp')];
  const flags = '-std=c++17 -O3 -march=native -fPIC -shared -Wl,-z,lazy'.split(' ');
  const hash = createHash('sha256').update(flags.join(' '));
  for (const file of files) hash.update(readFileSync(file));
  const library = pathOf(`../.build/llama-${hash.digest('hex').slice(0, 12)}.so`);
  if (existsSync(library)) return { library };
  mkdirSync(pathOf('../.build'), { recursive: true });
  console.error('compiling llama.cpp samplers, once');
  const run = spawnSync('g++', [...flags, `-I${sources}`, ...files, '-o', library], {
    encoding: 'utf8',
  });
  if (run.error) return { failure: `g++ does not run (${run.error.message})` };
  if (run.status !== 0) return { failure: `g++ failed:\n${run.stderr}` };
  return { library };
}
