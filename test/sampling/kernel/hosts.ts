import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';

/** The library as it is on one host. */
export type Library = Awaited<ReturnType<typeof load>>;

/** Loads the library afresh. */
export async function load() {
  vi.resetModules();
  const { KelvinError, Sampler } = await import('../../../src/sampling/index.ts');
  const { createKernel } = await import('../../../src/sampling/kernel/kernel.ts');
  return { KelvinError, Sampler, createKernel };
}

/** Loads the library afresh where a host's WebAssembly is as given. */
export async function loadOn(WebAssembly: unknown): Promise<Library> {
  vi.stubGlobal('WebAssembly', WebAssembly);
  try {
    return await load();
  } finally {
    vi.unstubAllGlobals();
  }
}

/** What is returned, or the refusal that is thrown instead. */
function outcome(library: Library, work: (library: Library) => unknown): unknown {
  try {
    return work(library);
  } catch (error) {
    if (!(error instanceof library.KelvinError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Asserts that something comes out the same on two hosts, to the last bit and the sign of 0. */
export function expectSame(
  what: string,
  hosts: readonly [Library, Library],
  work: (library: Library) => unknown,
): void {
  const [actual, expected] = hosts.map((library) => outcome(library, work));
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual, what).toEqual(expected);
  expect.fail(`${what} differs`);
}
