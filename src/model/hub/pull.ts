import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { KelvinError } from '../../sampling/error.ts';
import type { Dtype } from '../onnx-file.ts';
import { repositoryFolder } from './cache.ts';
import { type Choice, choose } from './choose.ts';
import { fetchFile } from './fetch-file.ts';
import type { Hub } from './hub.ts';
import { list } from './listing.ts';
import { Part } from './part.ts';
import type { Patience } from './passing.ts';
import { measured, type RemoteFile } from './remote-file.ts';
import type { Repository } from './repository.ts';

/** What is going to be pulled. */
export interface Plan extends Choice<RemoteFile> {
  readonly commit: string;
  /** Of all files, those in the cache included. */
  readonly bytes: number;
}

export interface PullOptions extends Patience {
  /** The best there is by default: the first of the plan's `dtypes`. */
  readonly dtype?: Dtype | undefined;
  readonly planned?: ((plan: Plan) => void) | undefined;
  /** So many bytes are there that need not be fetched. */
  readonly had?: ((bytes: number) => void) | undefined;
  /** So many bytes came; negative for what came and was thrown away. */
  readonly came?: ((bytes: number) => void) | undefined;
}

/**
 * Brings a model from a hub into the standard hub cache: its small files and one of its graphs.
 * What was begun before is gone on from. The revision is known to the cache once all of it is
 * there, and no sooner.
 *
 * @returns the folder to load
 * @throws KelvinError `MODEL_NOT_FOUND`, `MODEL_UNSUPPORTED`, `MODEL_FILE`, `HUB_ACCESS`,
 *   `HUB_UNREACHABLE`, `INVALID_OPTION` for a `dtype` it has not; `MODEL_CACHE` where the cache
 *   cannot be written to. The signal's reason where it was aborted
 */
export async function pull(
  repository: Repository,
  hub: Hub,
  options: PullOptions = {},
): Promise<string> {
  if (hub.offline)
    throw new KelvinError(
      'HUB_UNREACHABLE',
      `${repository.id} is not pulled: HF_HUB_OFFLINE is set`,
    );
  const { commit, files: listed } = await list(hub, repository, options);
  const choice = choose(repository.id, listed, options.dtype);
  const files: RemoteFile[] = [];
  for (const file of choice.files)
    files.push(await measured(hub, repository, commit, file, options));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  options.planned?.({ ...choice, files, commit, bytes });
  try {
    const folder = repositoryFolder(hub.cache, repository.id);
    const blobs = join(folder, 'blobs');
    await mkdir(blobs, { recursive: true });
    for (const file of files) await bring(hub, repository, commit, file, blobs, options);
    const snapshot = join(folder, 'snapshots', commit);
    for (const file of files)
      await show(join(blobs, file.hash), join(snapshot, ...file.path.split('/')));
    if (repository.revision !== commit)
      await write(join(folder, 'refs', ...repository.revision.split('/')), commit);
    return snapshot;
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (!isOfDisk(cause)) throw cause;
    const advice = 'free some room, or let HF_HUB_CACHE name another folder';
    throw new KelvinError('MODEL_CACHE', `${hub.cache}: ${cause.message}; ${advice}`, { cause });
  }
}

/** Sees to it that a file is among the blobs. */
async function bring(
  hub: Hub,
  repository: Repository,
  commit: string,
  file: RemoteFile,
  blobs: string,
  options: PullOptions,
): Promise<void> {
  const there = await stat(join(blobs, file.hash)).catch(() => undefined);
  if (there?.size === file.bytes) return options.had?.(file.bytes);
  const part = await Part.claim(blobs, file);
  try {
    options.had?.(part.bytes);
    await checkRoom(blobs, file.bytes - part.bytes, file.path);
    await fetchFile(hub, repository, commit, file, part, options);
    await part.keep();
  } finally {
    await part.close();
  }
}

async function checkRoom(folder: string, bytes: number, name: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const room = bavail * bsize;
  if (bytes <= room) return;
  throw new KelvinError(
    'MODEL_CACHE',
    `${folder}: ${name} needs ${bytes} bytes, and ${room} are free; free some room, or let HF_HUB_CACHE name another folder`,
  );
}

/** Lets a blob be seen as a file of a snapshot, at once whole. */
async function show(blob: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  // Windows lets not everybody make symbolic links.
  await symlink(relative(dirname(path), blob), fresh).catch(() => link(blob, fresh));
  await rename(fresh, path);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, text);
  await rename(fresh, path);
}

function isOfDisk(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause && 'errno' in cause;
}
