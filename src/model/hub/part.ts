import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RemoteFile } from './remote-file.ts';

/** Parts of other machines that share the cache are left to them for as long. */
const ABANDONED_MS = 3_600_000;

/**
 * A file that is on its way into the cache. Each process writes to a file of its own, so that two
 * never write to one; what an ended one has left behind, the next goes on from.
 */
export class Part {
  readonly #blobs: string;
  readonly #file: RemoteFile;
  readonly #path: string;
  readonly #handle: FileHandle;
  #hash: Hash;
  #bytes = 0;

  private constructor(blobs: string, file: RemoteFile, path: string, handle: FileHandle) {
    this.#blobs = blobs;
    this.#file = file;
    this.#path = path;
    this.#handle = handle;
    this.#hash = hashOf(file);
  }

  /** Goes on from what is left of the file in the folder of blobs, or begins it. */
  static async claim(blobs: string, file: RemoteFile): Promise<Part> {
    const machine = hostname().replace(/[^\w-]/g, '_');
    const path = join(blobs, `${file.hash}.${machine}-${process.pid}.incomplete`);
    const [largest, ...others] = await leftovers(blobs, file.hash, machine);
    for (const other of others) await rm(other, { force: true });
    // Where this fails, another process was quicker to claim it.
    if (largest !== undefined) await rename(largest, path).catch(() => {});
    const part = new Part(blobs, file, path, await open(path, 'a'));
    try {
      await part.#read();
    } catch (cause) {
      await part.close();
      throw cause;
    }
    return part;
  }

  /** How much of the file is there. */
  get bytes(): number {
    return this.#bytes;
  }

  get isWhole(): boolean {
    return this.#bytes === this.#file.bytes;
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.#handle.appendFile(chunk);
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** Throws away what is there. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#hash = hashOf(this.#file);
    this.#bytes = 0;
  }

  /** Whether it is what the hub said it would be. */
  isSound(): boolean {
    return this.isWhole && this.#hash.copy().digest('hex') === this.#file.hash;
  }

  /** Makes it a blob of the cache. */
  async keep(): Promise<void> {
    await this.#handle.sync();
    await rename(this.#path, join(this.#blobs, this.#file.hash));
  }

  /** What was not kept stays, to go on from. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(): Promise<void> {
    const { size } = await this.#handle.stat();
    if (size > this.#file.bytes) return this.restart();
    await pipeline(createReadStream(this.#path), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) this.#hash.update(chunk);
    });
    this.#bytes = size;
  }
}

// Git hashes a file behind its length.
function hashOf({ bytes, hash }: RemoteFile): Hash {
  if (hash.length === 64) return createHash('sha256');
  return createHash('sha1').update(`blob ${bytes}\0`);
}

/** Parts of a file that nobody writes to any more, the largest first. */
async function leftovers(blobs: string, hash: string, machine: string): Promise<string[]> {
  const found: { path: string; size: number }[] = [];
  for (const name of await readdir(blobs)) {
    const [, of, where, pid] = /^([0-9a-f]+)\.([\w-]+)-(\d+)\.incomplete$/.exec(name) ?? [];
    if (of !== hash) continue;
    const path = join(blobs, name);
    const entry = await stat(path).catch(() => undefined);
    if (!entry) continue;
    const old = Date.now() - entry.mtimeMs > ABANDONED_MS;
    if (where === machine ? !isAlive(Number(pid)) : old) found.push({ path, size: entry.size });
  }
  return found.sort((a, b) => b.size - a.size).map(({ path }) => path);
}

function isAlive(pid: number): boolean {
  // In a container that was started again a process may have the number of the one before it.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
