import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Hub } from '../../../src/model/hub/hub.ts';
import { type PullOptions, pull } from '../../../src/model/hub/pull.ts';
import { story } from '../folders.ts';
import { temporary, variant } from '../variant.ts';
import { hashOf, ID, startHub, type TestHub } from './hub-server.ts';

const graph = readFileSync(join(story, 'onnx/model.onnx'));
const sha256 = createHash('sha256').update(graph).digest('hex');
/** A process number no process has. */
const NOBODY = 2 ** 22 + 7;

interface Given extends PullOptions {
  readonly revision?: string;
  readonly id?: string;
  readonly hub?: Partial<Hub>;
}

/** Pulls the model into a cache, an empty one if not given. */
async function pulled(
  server: TestHub,
  { revision = 'main', id = ID, hub, ...options }: Given = {},
) {
  const cache = hub?.cache ?? temporary();
  const from = { endpoint: server.endpoint, token: undefined, offline: false, cache, ...hub };
  const path = await pull({ id, revision }, from, { pause: 0, ...options });
  return { path, folder: join(cache, 'models--acme--story'), cache };
}

const errorOf = (work: Promise<unknown>) => work.then(() => undefined).catch((error) => error);
const list = (folder: string) => readdirSync(folder).sort();

describe('what is pulled', () => {
  it('lies in the standard cache, as it is on the hub', async () => {
    const hub = await startHub(story);
    const { path, folder } = await pulled(hub);
    expect(path).toBe(join(folder, 'snapshots', hub.commit));
    expect(readFileSync(join(folder, 'refs/main'), 'utf8')).toBe(hub.commit);
    const small = ['config.json', 'generation_config.json', 'special_tokens_map.json'];
    const all = [...small, 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
    for (const name of all) {
      const bytes = readFileSync(join(story, name));
      expect(readFileSync(join(path, name)).equals(bytes)).toBe(true);
      expect(lstatSync(join(path, name)).isSymbolicLink()).toBe(true);
    }
    expect(readlinkSync(join(path, 'onnx/model.onnx'))).toBe(`../../../blobs/${sha256}`);
    expect(list(path)).toEqual([...all.slice(0, -1), 'onnx'].sort());
    const hashes = all.map((name) => hashOf(readFileSync(join(story, name)))).sort();
    expect(list(join(folder, 'blobs'))).toEqual(hashes);
  });

  it('is not fetched again', async () => {
    const hub = await startHub(story);
    const { cache, path } = await pulled(hub);
    hub.asked.length = 0;
    let came = 0;
    const again = await pulled(hub, { hub: { cache }, came: (bytes) => (came += bytes) });
    expect(again.path).toBe(path);
    expect({ came, asked: hub.asked.length }).toEqual({ came: 0, asked: 1 });
  });

  it.each(['v1', 'refs/pr/1'])('is known to the cache by its revision: %s', async (revision) => {
    const hub = await startHub(story);
    const { folder } = await pulled(hub, { revision });
    expect(readFileSync(join(folder, 'refs', revision), 'utf8')).toBe(hub.commit);
    expect(existsSync(join(folder, 'refs/main'))).toBe(false);
  });

  it('needs no name for a commit', async () => {
    const hub = await startHub(story);
    const { folder, path } = await pulled(hub, { revision: hub.commit });
    expect(list(folder)).toEqual(['blobs', 'snapshots']);
    expect(existsSync(join(path, 'config.json'))).toBe(true);
  });

  it('comes from where the model has moved to', async () => {
    const hub = await startHub(story);
    const { cache } = await pulled(hub, { id: 'acme/moved' });
    expect(list(cache)).toEqual(['models--acme--moved']);
  });

  it('tells how it comes along', async () => {
    const hub = await startHub(story);
    let [total, had, came] = [0, 0, 0];
    await pulled(hub, {
      planned: ({ bytes }) => (total = bytes),
      had: (bytes) => (had += bytes),
      came: (bytes) => (came += bytes),
    });
    expect(had).toBe(0);
    expect(came).toBe(total);
    expect(total).toBeGreaterThan(graph.length);
  });
});

describe('of several formats', () => {
  const folder = variant({
    'onnx/model_q4.onnx': 'four bits',
    'onnx/model_q4.onnx_data': 'and its data',
    'onnx/model_q4.onnx_data_1': 'and more',
    'onnx/model_fp16.onnx': 'half',
    'README.md': 'long',
    'model.safetensors': 'longer',
    'chat_template.jinja': '{{ messages }}',
  });

  it.each([
    [undefined, 'fp32', ['model.onnx']],
    ['fp16', 'fp16', ['model_fp16.onnx']],
    ['q4', 'q4', ['model_q4.onnx', 'model_q4.onnx_data', 'model_q4.onnx_data_1']],
  ] as const)('%s is chosen as %s with its data', async (dtype, chosen, names) => {
    const hub = await startHub(folder);
    let plan: unknown;
    const { path } = await pulled(hub, { dtype, planned: (made) => (plan = made) });
    expect(plan).toMatchObject({ dtype: chosen, dtypes: ['fp32', 'fp16', 'q4'] });
    expect(list(join(path, 'onnx'))).toEqual(names);
    expect(list(path)).toContain('chat_template.jinja');
    expect(list(path)).not.toContain('README.md');
    expect(list(path)).not.toContain('model.safetensors');
  });

  it('another is refused', async () => {
    const error = await errorOf(pulled(await startHub(folder), { dtype: 'int8' }));
    expect(error).toMatchObject({
      code: 'INVALID_OPTION',
      message: 'dtype must be one of fp32, fp16, q4 of acme/story, got "int8"',
    });
  });
});

it.each(['onnx/model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json'])(
  'a repository without %s is no model for kelvin',
  async (name) => {
    const hub = await startHub(variant({ [name]: null }));
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    expect(error.message).toMatch(`acme/story has no ${name}: `);
  },
);

describe('a mirror that lists names alone', () => {
  it('is asked for sizes and hashes', async () => {
    const hub = await startHub(story);
    hub.mood.bare = true;
    const { path, folder } = await pulled(hub);
    expect(readFileSync(join(path, 'onnx/model.onnx')).equals(graph)).toBe(true);
    const hash = hashOf(readFileSync(join(story, 'config.json')));
    expect(list(join(folder, 'blobs'))).toEqual(expect.arrayContaining([hash, sha256]));
    // The storage was asked for the graph, not how large it is.
    expect(hub.asked.filter(({ of }) => of === 'storage')).toHaveLength(1);
  });

  it('is checked all the same', async () => {
    const hub = await startHub(story);
    hub.mood.bare = true;
    hub.mood.lies = true;
    expect(await errorOf(pulled(hub))).toMatchObject({ code: 'MODEL_FILE' });
  });

  it('and tells them never is refused', async () => {
    const hub = await startHub(story);
    hub.mood.bare = true;
    hub.mood.tagless = true;
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(error.message).toMatch('does not tell size and hash of config.json');
  });
});

it('the token goes to the hub alone', async () => {
  const hub = await startHub(story);
  hub.mood.token = 'hf_secret';
  await pulled(hub, { hub: { token: 'hf_secret' } });
  const [own, others] = [[], []] as [unknown[], unknown[]];
  for (const { of, authorization } of hub.asked) (of === 'hub' ? own : others).push(authorization);
  expect(new Set(own)).toEqual(new Set(['Bearer hf_secret']));
  expect(others).toEqual([undefined]);
});

describe('a broken transfer', () => {
  it('is gone on from, and no byte comes twice', async () => {
    const hub = await startHub(story);
    hub.mood.breaks = [1_000_000, 500_000, 100_000];
    let came = 0;
    let total = 0;
    const why: string[] = [];
    const { path } = await pulled(hub, {
      planned: ({ bytes }) => (total = bytes),
      came: (bytes) => (came += bytes),
      retrying: (reason) => why.push(reason),
    });
    expect(readFileSync(join(path, 'onnx/model.onnx')).equals(graph)).toBe(true);
    expect(came).toBe(total);
    expect(why).toHaveLength(3);
    expect(why[0]).toMatch('acme/story: onnx/model.onnx broke off: ');
    const starts = hub.asked.filter(({ of }) => of === 'storage').map(({ range }) => range);
    expect(starts[0]).toBe(undefined);
    for (const start of starts.slice(1)) expect(start).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('begins anew where the storage knows no ranges', async () => {
    const hub = await startHub(story);
    hub.mood.breaks = [1_000_000];
    hub.mood.rangeless = true;
    const { path } = await pulled(hub);
    expect(readFileSync(join(path, 'onnx/model.onnx')).equals(graph)).toBe(true);
  });

  it('ends the pull if it comes no further, and the next goes on', async () => {
    const hub = await startHub(story);
    hub.mood.breaks = [1_000_000, 0, 0, 0, 0, 0, 0, 0];
    const cache = temporary();
    const error = await errorOf(pulled(hub, { hub: { cache } }));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(existsSync(join(cache, 'models--acme--story/refs'))).toBe(false);
    hub.mood.breaks = [];
    let had = 0;
    await pulled(hub, { hub: { cache }, had: (bytes) => (had += bytes) });
    expect(had).toBeGreaterThan(0);
    expect(hub.asked.at(-1)).toMatchObject({
      of: 'storage',
      range: expect.stringMatching(/=\d+-/),
    });
  });

  it('is left to go on from where the pull was aborted', async () => {
    const hub = await startHub(story);
    const cache = temporary();
    const abort = new AbortController();
    hub.mood.hangsAfter = 1_000_000;
    let came = 0;
    const why = await errorOf(
      pulled(hub, {
        hub: { cache },
        signal: abort.signal,
        came(bytes) {
          came += bytes;
          if (came >= 1_000_000) abort.abort(new Error('enough'));
        },
      }),
    );
    expect(why).toMatchObject({ message: 'enough' });
    const blobs = list(join(cache, 'models--acme--story/blobs'));
    expect(blobs.filter((name) => name.endsWith('.incomplete'))).toHaveLength(1);
    hub.mood.hangsAfter = undefined;
    const { path, folder } = await pulled(hub, { hub: { cache } });
    expect(hub.asked.at(-1)!.range).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(join(path, 'onnx/model.onnx')).equals(graph)).toBe(true);
    expect(list(join(folder, 'blobs')).join()).not.toMatch('incomplete');
  });
});

describe('a wrong checksum', () => {
  it('keeps a file out of the cache', async () => {
    const hub = await startHub(story);
    hub.mood.lies = true;
    const cache = temporary();
    const error = await errorOf(pulled(hub, { hub: { cache } }));
    expect(error).toMatchObject({ code: 'MODEL_FILE' });
    expect(error.message).toMatch('acme/story: onnx/model.onnx came with another checksum');
    expect(list(join(cache, 'models--acme--story'))).toEqual(['blobs']);
    expect(list(join(cache, 'models--acme--story/blobs'))).not.toContain(sha256);
    hub.mood.lies = false;
    await pulled(hub, { hub: { cache } });
  });

  it('of a small file is found too', async () => {
    const hub = await startHub(story);
    const blobId = hashOf(Buffer.from('{}'));
    const size = readFileSync(join(story, 'config.json')).length;
    // The later of two entries of a name is fetched as well.
    hub.mood.listed = [{ rfilename: 'config.json', size, blobId }];
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'MODEL_FILE' });
    expect(error.message).toMatch('config.json came with another checksum');
  });

  it.each([
    ['of the right length', graph.length],
    ['too short', 1000],
    ['too long', graph.length + 1],
  ])('of what an ended process left behind is made good: %s', async (_, length) => {
    const hub = await startHub(story);
    const cache = temporary();
    const blobs = join(cache, 'models--acme--story/blobs');
    mkdirSync(blobs, { recursive: true });
    const machine = hostname().replace(/[^\w-]/g, '_');
    writeFileSync(join(blobs, `${sha256}.${machine}-${NOBODY}.incomplete`), Buffer.alloc(length));
    let [total, had, came] = [0, 0, 0];
    const { path } = await pulled(hub, {
      hub: { cache },
      planned: ({ bytes }) => (total = bytes),
      had: (bytes) => (had += bytes),
      came: (bytes) => (came += bytes),
    });
    expect(readFileSync(join(path, 'onnx/model.onnx')).equals(graph)).toBe(true);
    expect(had + came).toBe(total);
    expect(list(blobs).join()).not.toMatch('incomplete');
  });
});

it('what a running process is writing is left alone', async () => {
  const hub = await startHub(story);
  const cache = temporary();
  const blobs = join(cache, 'models--acme--story/blobs');
  mkdirSync(blobs, { recursive: true });
  const machine = hostname().replace(/[^\w-]/g, '_');
  const others = [`${machine}-${process.ppid}`, 'another_machine-1'];
  const names = others.map((owner) => `${sha256}.${owner}.incomplete`);
  for (const name of names) writeFileSync(join(blobs, name), 'part');
  await pulled(hub, { hub: { cache } });
  for (const name of names) expect(readFileSync(join(blobs, name), 'utf8')).toBe('part');
});

describe('a hub that refuses', () => {
  it.each([
    ['HUB_ACCESS', 401, {}, undefined, /no such model, or a private one \(401\).* HF_TOKEN/],
    ['HUB_ACCESS', 401, {}, 'hf_x', /the token in HF_TOKEN may not read/],
    ['HUB_ACCESS', 401, { 'x-error-code': 'GatedRepo' }, undefined, /ask for access at http/],
    ['HUB_ACCESS', 403, {}, 'hf_x', /ask for access at http:.*\/acme\/story, then set HF_TOKEN/],
    ['MODEL_NOT_FOUND', 404, {}, undefined, /no such model or revision at http.*\/acme\/story/],
    ['HUB_UNREACHABLE', 418, {}, undefined, /the hub answers 418/],
    ['HUB_UNREACHABLE', 429, { 'retry-after': '3600' }, undefined, /HF_TOKEN.*, in 3600 s/],
  ] as const)('%s for %d %j, token %s', async (code, status, headers, token, message) => {
    const hub = await startHub(story);
    hub.mood.statuses = [{ status, headers }];
    const error = await errorOf(pulled(hub, { hub: { token } }));
    expect(error).toMatchObject({ name: 'KelvinError', code });
    expect(error.message).toMatch(message);
    // It was asked once: these do not pass.
    expect(hub.asked).toHaveLength(1);
  });

  it('names a revision it has not', async () => {
    const error = await errorOf(pulled(await startHub(story), { revision: 'v9' }));
    expect(error).toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: 'acme/story: no such revision: v9',
    });
  });

  it.each([408, 429, 500, 503])('for a while is asked again: %d', async (status) => {
    const hub = await startHub(story);
    hub.mood.statuses = [{ status }, { status, headers: { 'retry-after': '0' } }];
    const { path } = await pulled(hub);
    expect(existsSync(join(path, 'config.json'))).toBe(true);
  });

  it('for good is asked five times', async () => {
    const hub = await startHub(story);
    hub.mood.statuses = Array.from({ length: 9 }, () => ({ status: 503 }));
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(error.message).toMatch('the hub answers 503: try again later');
    expect(hub.asked).toHaveLength(5);
  });

  it('gives a new address where that of the storage is too old', async () => {
    const hub = await startHub(story);
    hub.mood.refusals = [403, 404, 500];
    const { path } = await pulled(hub);
    expect(existsSync(join(path, 'onnx/model.onnx'))).toBe(true);
    hub.mood.refusals = Array.from({ length: 5 }, () => 403);
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(error.message).toMatch(`${hub.storage}, where its files are, answers 403`);
  });

  it('sends one round in circles', async () => {
    const hub = await startHub(story);
    const headers = { location: '/api/again' };
    hub.mood.statuses = Array.from({ length: 99 }, () => ({ status: 302, headers }));
    expect(await errorOf(pulled(hub))).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(hub.asked).toHaveLength(10);
  });

  it('sends one to a file', async () => {
    const hub = await startHub(story);
    const headers = { location: 'file:///etc/passwd' };
    hub.mood.statuses = Array.from({ length: 9 }, () => ({ status: 302, headers }));
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(error.message).toMatch('sends one on to file://');
  });

  it('is not there', async () => {
    const hub = { endpoint: 'http://127.0.0.1:9' };
    const error = await errorOf(pulled(await startHub(story), { hub }));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(error.message).toMatch('http://127.0.0.1:9 cannot be reached: ');
  });

  it.each(['<html>hello</html>', '{}', '{"sha":"x","siblings":[]}', 'null'])(
    'is none: %s',
    async (answer) => {
      const hub = await startHub(story);
      hub.mood.answer = answer;
      const error = await errorOf(pulled(hub));
      expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
      expect(error.message).toMatch('does not answer as a model hub does');
    },
  );

  it('is not asked where HF_HUB_OFFLINE is set', async () => {
    const hub = await startHub(story);
    const error = await errorOf(pulled(hub, { hub: { offline: true } }));
    expect(error).toMatchObject({ code: 'HUB_UNREACHABLE' });
    expect(error.message).toMatch('HF_HUB_OFFLINE is set');
    expect(hub.asked).toEqual([]);
  });
});

describe('the disk', () => {
  it.each([
    '../../evil.json',
    'onnx/model.onnx_data/../../../../evil',
    '/etc/passwd',
    'onnx\\..\\evil',
    'C:evil',
    'onnx//model.onnx',
  ])('is not written to outside the cache: %s', async (rfilename) => {
    const hub = await startHub(story);
    hub.mood.listed = [{ rfilename, size: 1, blobId: hashOf(Buffer.from('1')) }];
    const cache = temporary();
    const error = await errorOf(pulled(hub, { hub: { cache } }));
    expect(error).toMatchObject({ code: 'MODEL_FILE' });
    expect(error.message).toMatch(JSON.stringify(rfilename));
    expect(list(cache)).toEqual([]);
  });

  it('that cannot be written to is named', async () => {
    const cache = join(variant({}), 'config.json', 'below-a-file');
    const error = await errorOf(pulled(await startHub(story), { hub: { cache } }));
    expect(error).toMatchObject({ code: 'MODEL_CACHE' });
    expect(error.message).toMatch(cache);
    expect(error.message).toMatch('HF_HUB_CACHE');
  });

  it('that is too small is not filled', async () => {
    const hub = await startHub(story);
    const lfs = { size: Number.MAX_SAFE_INTEGER, sha256, pointerSize: 1 };
    hub.mood.listed = [{ rfilename: 'onnx/model.onnx_data', size: 1, blobId: hub.commit, lfs }];
    const error = await errorOf(pulled(hub));
    expect(error).toMatchObject({ code: 'MODEL_CACHE' });
    expect(error.message).toMatch(
      /onnx\/model.onnx_data needs 9007199254740991 bytes, and \d+ are/,
    );
  });
});
