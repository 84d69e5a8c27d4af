/** A frame that was drawn: milliseconds on the main thread, and bytes. */
export interface Frame {
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Watches what timers draw from now on: the work of a timer that writes to the terminal is a frame,
 * with all of its drawing, composing, comparing and writing.
 */
export function watchFrames(): Frame[] {
  const frames: Frame[] = [];
  let bytes = 0;
  const { stdout } = process;
  const { write } = stdout;
  stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    bytes += Buffer.byteLength(chunk);
    return (write as (...args: unknown[]) => boolean).call(stdout, chunk, ...rest);
  };
  const { setTimeout: later } = globalThis;
  const watched = (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    later(() => {
      const [start, before] = [performance.now(), bytes];
      work(...args);
      if (bytes > before) frames.push({ ms: performance.now() - start, bytes: bytes - before });
    }, ms);
  globalThis.setTimeout = Object.assign(watched, later) as typeof setTimeout;
  return frames;
}
