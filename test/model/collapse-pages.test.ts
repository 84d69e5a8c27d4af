import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { collapsePages } from '../../src/model/collapse-pages.ts';
import { fullMappings } from '../../src/model/mappings.ts';

const SETTING = '/sys/kernel/mm/transparent_hugepage/enabled';
const [major, minor] = release().split('.').map(Number) as [number, number];
const hasHugePages =
  existsSync(SETTING) &&
  !readFileSync(SETTING, 'utf8').includes('[never]') &&
  (major > 6 || (major === 6 && minor >= 1));

const MB = 2 ** 20;
const hugeBytes = () =>
  1024 * Number(/AnonHugePages: +(\d+)/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))![1]);
const free = <T>(work: () => Promise<T>) => work();

describe.skipIf(!hasHugePages)('collapsePages', () => {
  // Longer than what a process has anyway.
  const held = Buffer.alloc(96 * MB, 1);

  it('ends between two pieces', async () => {
    const before = hugeBytes();
    const ending = new AbortController();
    await collapsePages(async (work) => {
      ending.abort();
      return work();
    }, ending.signal);
    expect(hugeBytes() - before).toBeLessThanOrEqual(16 * MB);
  });

  it('brings what a process holds into huge pages, as it was', async () => {
    const before = hugeBytes();
    await collapsePages(free, new AbortController().signal);
    // How much of it there are huge pages for is the system's to say.
    expect(hugeBytes() - before).toBeGreaterThan(16 * MB);
    expect(held.every((byte) => byte === 1)).toBe(true);
  });
});

describe('fullMappings', () => {
  const entry = (header: string, rss: number, huge = 0) =>
    `${header}\nSize:               4096 kB\nRss:                ${rss} kB\nAnonHugePages:         ${huge} kB\nVmFlags: rd wr mr\n`;
  const own = '7f0000000000-7f0000400000 rw-p 00000000 00:00 0';

  it.each([
    ['full', entry(`${own} `, 4096), 1],
    ['the heap', entry(`${own}                  [heap]`, 4096), 1],
    ['half empty', entry(`${own} `, 2048), 0],
    ['huge already', entry(`${own} `, 4096, 4096), 0],
    ['too small', entry('7f0000000000-7f0000100000 rw-p 00000000 00:00 0 ', 1024), 0],
    ['a file', entry('7f0000000000-7f0000400000 rw-p 00001000 fe:00 4711  /lib/a.so', 4096), 0],
    ['read only', entry('7f0000000000-7f0000400000 r--p 00000000 00:00 0 ', 4096), 0],
    ['a stack', entry(`${own}                  [stack]`, 4096), 0],
  ])('of memory that is %s', (_, smaps, count) => {
    expect(fullMappings(entry('55-56 r-xp 0 fe:00 1 /bin/x', 4) + smaps, 2 * MB)).toHaveLength(
      count,
    );
  });

  it('tells where they are', () => {
    const smaps =
      entry(`${own} `, 4096) + entry('7f0000800000-7f0001000000 rw-p 00000000 00:00 0', 8192);
    expect(fullMappings(smaps, 2 * MB)).toEqual([
      { start: 0x7f0000000000, end: 0x7f0000400000 },
      { start: 0x7f0000800000, end: 0x7f0001000000 },
    ]);
  });
});
