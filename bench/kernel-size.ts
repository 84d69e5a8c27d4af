import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { distFolder } from './kelvin.ts';

export interface KernelSize {
  readonly wasm: number;
  /** Of the built module that holds it. */
  readonly module: number;
  readonly moduleGzipped: number;
}

/** Bytes of the embedded kernel; undefined if the build has none. */
export function kernelSize(): KernelSize | undefined {
  const file = new URL('sampling/kernel/wasm.js', distFolder);
  if (!existsSync(file)) return undefined;
  const source = readFileSync(file, 'utf8');
  const base64 = [...source.matchAll(/[A-Za-z0-9+/=]{40,}/g)].map(([text]) => text).join('');
  return {
    wasm: Buffer.from(base64, 'base64').length,
    module: Buffer.byteLength(source),
    moduleGzipped: gzipSync(source).length,
  };
}
