// Whether the WebAssembly that is shipped is what the source says, and no more than hosts have.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { kernelModule } from '../../../scripts/kernel.ts';
import type { createKernel } from '../../../src/sampling/kernel/kernel.ts';
import { wasm } from '../../../src/sampling/kernel/wasm.ts';
import { opcodesOf } from './opcodes.ts';

const binary = Buffer.from(wasm, 'base64');
const RELAXED = 0xfd00 + 0x100;
const MEMORY_GROW = 0x40;

/** A module of one function without parameters, results or locals. */
const moduleOf = (...body: number[]) =>
  Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[10, body.length + 4, 1, body.length + 2, 0, ...body, 0x0b],
  );

describe('the embedded kernel', () => {
  it('is what kernel.as compiles to, byte for byte', async () => {
    const committed = new URL('../../../src/sampling/kernel/wasm.ts', import.meta.url);
    expect(readFileSync(committed, 'utf8') === (await kernelModule()), 'npm run kernel').toBe(true);
  });

  it('is less than 16 KB', () => {
    expect(binary.length).toBeGreaterThan(1000);
    expect(binary.length).toBeLessThan(16 * 1024);
  });

  it('has SIMD, all of it strict: relaxed SIMD gives other bits on other processors', () => {
    const opcodes = opcodesOf(binary);
    expect(opcodes.filter((opcode) => opcode >= 0xfd00).length).toBeGreaterThan(100);
    expect(opcodes.filter((opcode) => opcode >= RELAXED)).toEqual([]);
  });

  it('never grows its memory', () => {
    expect(opcodesOf(binary)).not.toContain(MEMORY_GROW);
  });
});

describe('the memory of a kernel', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is as large as it may become', async () => {
    const { WebAssembly: own } = globalThis as unknown as {
      WebAssembly: { Memory: new (limits: object) => { grow(pages: number): number } };
    };
    const made: { grow(pages: number): number }[] = [];
    class Memory extends own.Memory {
      constructor(limits: object) {
        super(limits);
        made.push(this);
      }
    }
    vi.stubGlobal('WebAssembly', Object.create(own, { Memory: { value: Memory } }));
    vi.resetModules();
    const fresh: { createKernel: typeof createKernel } = await import(
      '../../../src/sampling/kernel/kernel.ts'
    );
    const { buffer, layout } = fresh.createKernel(50257);
    expect(made.length).toBe(1);
    expect(buffer.byteLength).toBeGreaterThanOrEqual(layout.bytes);
    expect(buffer.byteLength).toBeLessThan(layout.bytes + 65536);
    expect(() => made[0].grow(1)).toThrow(RangeError);
  });
});

describe('the list of opcodes', () => {
  it('reads past immediates, and tells relaxed SIMD and growth', () => {
    // i32.const 0x40, drop; v128.const of prefixes, drop.
    const innocent = [0x41, 0xc0, 0x00, 0x1a, 0xfd, 0x0c, ...new Array(16).fill(0xfd), 0x1a];
    expect(opcodesOf(moduleOf(...innocent))).toEqual([0x41, 0x1a, 0xfd0c, 0x1a, 0x0b]);
    // f32x4.relaxed_madd; memory.grow.
    expect(opcodesOf(moduleOf(0xfd, 0x85, 0x02))).toEqual([RELAXED + 5, 0x0b]);
    expect(opcodesOf(moduleOf(MEMORY_GROW, 0))).toContain(MEMORY_GROW);
    expect(() => opcodesOf(moduleOf(0xfb, 0))).toThrow('unknown opcode 0xfb');
  });
});
