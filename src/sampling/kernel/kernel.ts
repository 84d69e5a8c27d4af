import { CONSTANTS, emulatedPasses } from './emulation.ts';
import { CONSTANTS_AT, type Layout, layoutFor } from './memory.ts';
import type { Passes } from './passes.ts';
import { wasm } from './wasm.ts';

/** The passes with memory of their own for one size of vocabulary. */
export interface Kernel {
  readonly layout: Layout;
  readonly passes: Passes;
  readonly buffer: ArrayBuffer;
}

const PAGE = 65536;

/** What is needed of WebAssembly; some hosts have none, or forbid to compile any. */
interface Host {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Memory: new (pages: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
    readonly Instance: new (
      module: object,
      imports: { env: { memory: object } },
    ) => { exports: unknown };
  };
}

const { WebAssembly } = globalThis as unknown as Host;

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

let compiled: object | false | undefined;

/** The module, compiled once; false where there is no WebAssembly SIMD. */
function compile(): object | false {
  try {
    compiled ??= new WebAssembly.Module(decode(wasm));
  } catch {
    compiled = false;
  }
  return compiled;
}

/** A kernel without WebAssembly: the same bits, slower. */
export function emulatedKernel(vocabulary: number): Kernel {
  const layout = layoutFor(vocabulary);
  const buffer = new ArrayBuffer(Math.ceil(layout.bytes / 8) * 8);
  return { layout, passes: emulatedPasses(buffer), buffer };
}

/** Memory of so many pages; false where the host has no more to give. */
function reserve(pages: number): { readonly buffer: ArrayBuffer } | false {
  try {
    // Never grown: growing would detach the row that a model may be writing into.
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return false;
  }
}

/**
 * A kernel with room for a vocabulary: WebAssembly SIMD if there is any, else emulated. Engines
 * reserve gigabytes of addresses for each memory: Chromium has room for about 125 at a time.
 */
export function createKernel(vocabulary: number): Kernel {
  const layout = layoutFor(vocabulary);
  const module = compile();
  const memory = module && reserve(Math.ceil(layout.bytes / PAGE));
  if (!module || !memory) return emulatedKernel(vocabulary);
  new Float32Array(memory.buffer, CONSTANTS_AT).set(CONSTANTS);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { layout, passes: exports as Passes, buffer: memory.buffer };
}
