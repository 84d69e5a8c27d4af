import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A script, and the files that are in it. */
export interface Bundle {
  readonly code: string;
  readonly files: readonly string[];
}

/**
 * Bundles a module for browsers, as an app that depends on kelvin would.
 *
 * @param before code that runs before any of the modules
 */
export async function bundle(code: string, before = ''): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    banner: { js: before },
    // The checkout's own has paths that lead past the package's exports to the sources.
    tsconfigRaw: {},
    write: false,
    metafile: true,
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const files = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0);
  return { code: outputFiles[0].text, files };
}
