import { createRequire } from 'node:module';

const NAME = '@mlc-ai/web-xgrammar';

/**
 * Loads the grammar library. It is a script for browsers in a package that says it is a module: it
 * looks for some names of CommonJS and leaves what it exports in a global variable. So it is only
 * for a thread of its own.
 */
export async function loadLibrary(): Promise<typeof import('@mlc-ai/web-xgrammar')> {
  const require = createRequire(import.meta.url);
  const scope = globalThis as unknown as Record<string, unknown>;
  Object.assign(scope, { require, __filename: require.resolve(NAME) });
  await import(NAME);
  return scope.xgrammar as typeof import('@mlc-ai/web-xgrammar');
}
