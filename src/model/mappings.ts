/** A part of a process's address space, in bytes. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
}

/** The kernel's names of what a mapping holds, in kB. */
const FIELDS = /^(Rss|AnonHugePages): +(\d+) kB$/gm;
/** Its own memory, not of a file, read and written; by address. */
const OWN = /^([0-9a-f]+)-([0-9a-f]+) rw-p 0+ 00:00 0 *(?:\[heap\])?$/;
const HEADER = /^(?=[0-9a-f]+-[0-9a-f]+ )/m;
/** Less would be brought into memory by pages that are larger than what is used of them. */
const FULL = 0.95;

/**
 * The mappings of a process that are its own, at least so large, full, and in small pages.
 *
 * @param smaps what Linux writes in /proc/PID/smaps
 * @param least bytes
 */
export function fullMappings(smaps: string, least: number): Mapping[] {
  return smaps.split(HEADER).flatMap((entry) => {
    const [, from, to] = OWN.exec(entry.slice(0, entry.indexOf('\n'))) ?? [];
    if (from === undefined || to === undefined) return [];
    const [start, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    const held = Object.fromEntries(
      [...entry.matchAll(FIELDS)].map(([, name, size]) => [name, 1024 * Number(size)]),
    );
    const { Rss: resident = 0, AnonHugePages: huge = 0 } = held;
    const isFull = resident >= FULL * (end - start) && huge < resident / 2;
    return end - start >= least && isFull ? [{ start, end }] : [];
  });
}
