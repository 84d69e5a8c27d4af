import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readModelFolder } from '../../../src/model/folder.ts';
import { listSnapshots, repositoryFolder } from '../../../src/model/hub/cache.ts';
import { readHub } from '../../../src/model/hub/hub.ts';
import { pull } from '../../../src/model/hub/pull.ts';
import { nameOf, readRepository } from '../../../src/model/hub/repository.ts';
import { LocalModel } from '../../../src/model/local-model.ts';
import { KelvinError } from '../../../src/sampling/error.ts';
import { story } from '../folders.ts';
import { tinyGraph, tinyModel } from '../tiny.ts';
import { temporary } from '../variant.ts';
import { ID, startHub, type TestHub } from './hub-server.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the environment', () => {
  it.each([
    [{}, join(homedir(), '.cache/huggingface/hub')],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x', HF_HOME: '/h' }, '/h/hub'],
    [{ HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    [{ HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/c' }, '/c'],
    [{ HF_HUB_CACHE: '', HF_HOME: '' }, join(homedir(), '.cache/huggingface/hub')],
  ])('%j: the cache is %s', (env, cache) => {
    expect(readHub(env).cache).toBe(cache);
  });

  it.each([
    [{}, { endpoint: 'https://huggingface.co', token: undefined, offline: false }],
    [{ HF_ENDPOINT: 'http://hub:8080/prefix//' }, { endpoint: 'http://hub:8080/prefix' }],
    [{ HF_TOKEN: ' hf_x\n' }, { token: 'hf_x' }],
    [{ HF_TOKEN: ' ' }, { token: undefined }],
    [{ HF_HUB_OFFLINE: '1' }, { offline: true }],
    [{ HF_HUB_OFFLINE: 'true' }, { offline: true }],
    [{ HF_HUB_OFFLINE: '0' }, { offline: false }],
  ])('%j means %j', (env, meant) => {
    expect(readHub(env)).toMatchObject(meant);
  });

  it.each(['huggingface.co', 'ftp://hub', 'file:///tmp'])('no hub is at %s', (HF_ENDPOINT) => {
    expect(() => readHub({ HF_ENDPOINT })).toThrow(`address, got ${JSON.stringify(HF_ENDPOINT)}`);
  });
});

it.each(['hf_\nx', 'hf x', 'hf_é'])('no token is %j, and it is not told', (HF_TOKEN) => {
  const message = 'HF_TOKEN must be one word of ASCII characters';
  expect(() => readHub({ HF_TOKEN })).toThrow(new KelvinError('INVALID_ARGUMENT', message));
});

describe('a name', () => {
  it.each([
    ['acme/story', { id: 'acme/story', revision: 'main' }],
    ['acme/story@v1', { id: 'acme/story', revision: 'v1' }],
    ['a.b/C-d_1.5@refs/pr/12', { id: 'a.b/C-d_1.5', revision: 'refs/pr/12' }],
  ])('%s is on a hub', (name, repository) => {
    expect(readRepository(name)).toEqual(repository);
    expect(nameOf(repository)).toBe(name);
  });

  it.each([
    ...['story', '/acme/story', './story', '../story', 'acme/..', 'a/b/c', 'acme/', 'acme/story@'],
    ...['acme/story@../x', 'acme/story@/x', 'acme/st ory', 'a--b/c', 'acme/.story', 'acme\\story'],
  ])('%s is not', (name) => {
    expect(readRepository(name)).toBe(undefined);
  });

  it('never leads out of its folder in the cache', () => {
    const piece = fc.constantFrom('a', '.', '..', '/', '\\', '-', '--', '@', ':', 'main', '\0');
    const names = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    let read = 0;
    fc.assert(
      fc.property(names, names, (id, revision) => {
        const repository = readRepository(`a/${id}@${revision}`);
        if (!repository) return;
        read += 1;
        const folder = repositoryFolder('/cache', repository.id);
        expect(resolve(folder)).toMatch(/^\/cache\/models--[^/]+$/);
        const refs = join(folder, 'refs');
        expect(resolve(refs, repository.revision).startsWith(`${refs}/`)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(50);
  });
});

describe('a model in the cache', () => {
  async function cached(...revisions: string[]): Promise<{ hub: TestHub; cache: string }> {
    const hub = await startHub(story);
    const cache = temporary();
    vi.stubEnv('HF_HUB_CACHE', cache);
    const from = { endpoint: hub.endpoint, token: undefined, offline: false, cache };
    for (const revision of revisions) await pull({ id: ID, revision }, from);
    return { hub, cache };
  }

  it('is found by its name, revision, commit and folder', async () => {
    const { hub } = await cached('main', 'v1');
    const named = await readModelFolder(ID);
    expect(named.name).toBe(ID);
    for (const name of [`${ID}@main`, `${ID}@v1`, `${ID}@${hub.commit}`, named.path])
      expect(await readModelFolder(name)).toEqual(named);
  });

  it('is loaded with the data outside of its graph', async () => {
    const { model, data } = tinyGraph().encode({ file: 'model.onnx_data' });
    const folder = tinyModel(model);
    writeFileSync(join(folder, 'onnx/model.onnx_data'), data);
    const hub = await startHub(folder);
    const cache = temporary();
    vi.stubEnv('HF_HUB_CACHE', cache);
    const from = { endpoint: hub.endpoint, token: undefined, offline: false, cache };
    await pull({ id: ID, revision: 'main' }, from);
    const loaded = await LocalModel.open(ID);
    expect(loaded.info).toMatchObject({ name: ID, bytes: model.length + data.length });
    await loaded.dispose();
  });

  it('is not there at another revision', async () => {
    const { cache } = await cached('v1');
    await expect(readModelFolder(ID)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `model "acme/story": no such folder, and not in the hub cache (${cache}); to fetch it: kelvin models pull acme/story`,
    });
    await expect(readModelFolder(`${ID}@v2`)).rejects.toThrow(/kelvin models pull acme\/story@v2$/);
  });

  it('is not there where other programs took only parts of it', async () => {
    const { cache } = await cached('main');
    rmSync(join((await readModelFolder(ID)).path, 'onnx'), { recursive: true });
    await expect(readModelFolder(ID)).rejects.toThrow('kelvin models pull acme/story');
    expect(await listSnapshots(cache)).toEqual([]);
  });

  it('is listed by its best name, whatever else is in the cache', async () => {
    const { hub, cache } = await cached('v1');
    mkdirSync(join(cache, 'models--other--torch/snapshots/x'), { recursive: true });
    writeFileSync(join(cache, 'models--other--torch/snapshots/x/config.json'), '{}');
    mkdirSync(join(cache, 'datasets--acme--story/snapshots/x'), { recursive: true });
    writeFileSync(join(cache, 'version.txt'), '1');
    const path = join(cache, 'models--acme--story/snapshots', hub.commit);
    expect(await listSnapshots(cache)).toEqual([{ name: 'acme/story@v1', path }]);
    rmSync(join(cache, 'models--acme--story/refs'), { recursive: true });
    expect(await listSnapshots(cache)).toEqual([{ name: `acme/story@${hub.commit}`, path }]);
    const from = { endpoint: hub.endpoint, token: undefined, offline: false, cache };
    for (const revision of ['main', 'v1']) await pull({ id: ID, revision }, from);
    expect(await listSnapshots(cache)).toEqual([{ name: 'acme/story', path }]);
  });

  it('and a cache that is not there has none', async () => {
    expect(await listSnapshots('/no/such/cache')).toEqual([]);
  });
});
