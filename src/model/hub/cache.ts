import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { onnxFiles } from '../onnx-file.ts';
import { cacheFolder } from './hub.ts';
import { COMMIT, nameOf, type Repository } from './repository.ts';

/** A model in the cache, at one of its commits. */
export interface Snapshot {
  /** `ORG/NAME`, with `@` and a revision where that is not the default branch. */
  readonly name: string;
  readonly path: string;
}

/** The folder of a model in the cache: `blobs`, `refs` and `snapshots` are in it. */
export function repositoryFolder(cache: string, id: string): string {
  return join(cache, `models--${id.replace('/', '--')}`);
}

/** The `ORG/NAME` whose snapshot a folder is; undefined for any other folder. */
export function repositoryOf(path: string): string | undefined {
  const [folder = '', snapshots] = path.split(sep).slice(-3);
  const [, org, name] = /^models--(.+?)--(.+)$/.exec(folder) ?? [];
  return snapshots === 'snapshots' && org && name ? `${org}/${name}` : undefined;
}

/** The folder of a model that was pulled; undefined where the cache has not all of it. */
export async function findSnapshot(
  { id, revision }: Repository,
  cache = cacheFolder(),
): Promise<string | undefined> {
  const folder = repositoryFolder(cache, id);
  const commit = COMMIT.test(revision) ? revision : await readRef(join(folder, 'refs', revision));
  if (commit === undefined) return undefined;
  const path = join(folder, 'snapshots', commit);
  return (await isModel(path)) ? path : undefined;
}

/** The models in the cache that kelvin can read; it may hold others, of other programs. */
export async function listSnapshots(cache = cacheFolder()): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (const entry of (await names(cache)).sort()) {
    const [, org, name] = /^models--(.+?)--(.+)$/.exec(entry) ?? [];
    if (!org || !name) continue;
    const folder = join(cache, entry);
    const revisions = await revisionsOf(folder);
    for (const commit of (await names(join(folder, 'snapshots'))).sort()) {
      const path = join(folder, 'snapshots', commit);
      if (!(await isModel(path))) continue;
      const revision = revisions.get(commit) ?? commit;
      found.push({ name: nameOf({ id: `${org}/${name}`, revision }), path });
    }
  }
  return found;
}

// By commit. The default branch names its commit before any other does.
async function revisionsOf(folder: string): Promise<Map<string, string>> {
  const revisions = new Map<string, string>();
  const refs = (await readdir(join(folder, 'refs'), { recursive: true }).catch(() => [])).sort();
  for (const revision of [...refs, 'main']) {
    const commit = await readRef(join(folder, 'refs', revision));
    if (commit !== undefined) revisions.set(commit, revision.replaceAll(sep, '/'));
  }
  return revisions;
}

async function readRef(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return COMMIT.test(text.trim()) ? text.trim() : undefined;
}

async function isModel(path: string): Promise<boolean> {
  if (!(await names(path)).includes('config.json')) return false;
  return onnxFiles(path).then(
    () => true,
    () => false,
  );
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
