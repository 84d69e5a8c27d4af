import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KelvinError } from '../sampling/error.ts';
import { GenerationConfig, ModelConfig } from './config.ts';
import { findSnapshot, repositoryOf } from './hub/cache.ts';
import { cacheFolder } from './hub/hub.ts';
import { nameOf, type Repository, readRepository } from './hub/repository.ts';
import { readJsonFile } from './json-file.ts';
import { type OnnxFile, onnxFiles } from './onnx-file.ts';

/** A model on disk in the transformers.js layout: what its JSON files say and which graphs it has. */
export interface ModelFolder {
  readonly name: string;
  readonly path: string;
  readonly config: ModelConfig;
  readonly generation: GenerationConfig;
  readonly files: readonly OnnxFile[];
}

const embeddedRoot = fileURLToPath(new URL('../../models/', import.meta.url));
/** The model that needs no network: it travels inside the package. */
const EMBEDDED_MODEL = 'kelvin-story';

/**
 * Reads a model folder.
 *
 * @param name a folder, the name of an embedded model, or `ORG/NAME` or `ORG/NAME@REVISION` of one
 *   in the hub cache, in this order; the embedded default if absent
 * @throws KelvinError `MODEL_NOT_FOUND` where there is no such folder, `MODEL_FILE` naming the
 *   file that is missing or broken
 */
export async function readModelFolder(name: string = EMBEDDED_MODEL): Promise<ModelFolder> {
  const path = await locate(name);
  const [config, generation, files] = await Promise.all([
    readJsonFile(join(path, 'config.json'), ModelConfig),
    readGenerationConfig(join(path, 'generation_config.json')),
    onnxFiles(path),
  ]);
  return { name: repositoryOf(path) ?? basename(path), path, config, generation, files };
}

/** Folders below `root` that hold a model; without `root`, the embedded ones. */
export async function listModelFolders(root: string = embeddedRoot): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(root);
  } catch (cause) {
    throw new KelvinError('MODEL_NOT_FOUND', `${root}: no such folder`, { cause });
  }
  const paths = names.sort().map((name) => join(root, name));
  const isModel = await Promise.all(paths.map((path) => exists(join(path, 'config.json'))));
  return paths.filter((_, index) => isModel[index]);
}

async function locate(name: string): Promise<string> {
  const candidates = [resolve(name)];
  // A bare name means the embedded model first, so that a stray folder cannot change the default.
  if (/^[\w.-]+$/.test(name)) candidates.unshift(join(embeddedRoot, name));
  for (const path of candidates) if (await exists(join(path, 'config.json'))) return path;
  const repository = readRepository(name);
  const snapshot = repository && (await findSnapshot(repository));
  if (snapshot !== undefined) return snapshot;
  const folder = resolve(name);
  if (await exists(folder)) {
    const wrong = `${folder}: not a model folder: it has no config.json`;
    throw new KelvinError('MODEL_NOT_FOUND', wrong);
  }
  throw new KelvinError(
    'MODEL_NOT_FOUND',
    repository
      ? notPulled(repository)
      : `model "${name}": no such folder; give a folder in the transformers.js layout, ORG/NAME of a model pulled from a hub, or "${EMBEDDED_MODEL}" for the embedded model`,
  );
}

function notPulled(repository: Repository): string {
  const name = nameOf(repository);
  return `model "${name}": no such folder, and not in the hub cache (${cacheFolder()}); to fetch it: kelvin models pull ${name}`;
}

async function readGenerationConfig(path: string): Promise<GenerationConfig> {
  return (await exists(path)) ? readJsonFile(path, GenerationConfig) : {};
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
