import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ID, startHub, type TestHub } from '../model/hub/hub-server.ts';
import { embedded, emptyFolder } from './folders.ts';
import { kelvin, main, start } from './kelvin.ts';

const GENERATE = ['generate', 'One day, a fox', '--seed', '1', '-n', '24'];

/** The environment of a kelvin with a cache and a hub of its own; no hub means no network. */
function environment(hub?: TestHub, cache = emptyFolder()) {
  const endpoint = hub?.endpoint ?? 'http://127.0.0.1:9';
  return { HF_HUB_CACHE: cache, HF_ENDPOINT: endpoint, ...(!hub && { HF_HUB_OFFLINE: '1' }) };
}

describe.concurrent('a pulled model', () => {
  it('writes offline what its folder writes, and is listed and told of', async () => {
    const env = environment(await startHub(embedded));
    const run = await kelvin(['models', 'pull', ID], { env });
    expect(run).toMatchObject({ code: 0 });
    const path = run.stdout.trimEnd();
    expect(readFileSync(join(path, 'config.json'))).toEqual(
      readFileSync(join(embedded, 'config.json')),
    );
    expect(run.stderr).toMatch(
      /^acme\/story \([0-9a-f]{7}\): fp32, 2\.6 MB\n2\.6 MB in \d+\.\d s\n$/,
    );

    const offline = { env: environment(undefined, env.HF_HUB_CACHE) };
    const [own, pulled, list, info, again] = await Promise.all([
      kelvin([...GENERATE, '-m', embedded]),
      kelvin([...GENERATE, '-m', ID], offline),
      kelvin(['models', 'list', '--json'], offline),
      kelvin(['models', 'info', ID, '--json'], offline),
      kelvin(['models', 'pull', ID], { env }),
    ]);
    expect(pulled.code).toBe(0);
    expect(pulled.stdout).not.toBe('');
    expect(pulled.stdout).toBe(own.stdout);
    const listed = list.stdout.trimEnd().split('\n');
    expect(listed.map((line) => JSON.parse(line))).toContainEqual({
      name: ID,
      architecture: 'llama',
      formats: [{ dtype: 'fp32', bytes: expect.any(Number) }],
      path,
    });
    expect(JSON.parse(info.stdout)).toMatchObject({ name: ID, path, vocabularySize: 2048 });
    expect(again).toMatchObject({ code: 0, stdout: `${path}\n` });
    expect(again.stderr).toMatch('all of it was here');
  });

  it('gives way to a folder of its name', async () => {
    const env = environment(await startHub(embedded));
    await kelvin(['models', 'pull', ID], { env });
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'acme'));
    cpSync(embedded, join(cwd, ID), { recursive: true });
    const { stdout } = await kelvin(['models', 'info', ID, '--json'], { env, cwd });
    expect(JSON.parse(stdout).path).toMatch(new RegExp(`${cwd}/acme/story$`));
  });

  it('is at the revision that was asked for', async () => {
    const env = environment(await startHub(embedded));
    const run = await kelvin(['models', 'pull', ID, '--revision', 'v1'], { env });
    expect(run.code).toBe(0);
    const [main, pinned] = await Promise.all([
      kelvin(['models', 'info', ID], { env }),
      kelvin(['models', 'info', `${ID}@v1`], { env }),
    ]);
    expect(main).toMatchObject({ code: 1, stdout: '' });
    expect(main.stderr).toMatch(/to fetch it: kelvin models pull acme\/story\n$/);
    expect(pinned).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.concurrent('models pull', () => {
  it('twice at once is two whole pulls', async () => {
    const env = environment(await startHub(embedded));
    const runs = await Promise.all([1, 2].map(() => kelvin(['models', 'pull', ID], { env })));
    for (const run of runs) expect(run).toMatchObject({ code: 0, stdout: runs[0]!.stdout });
    const path = runs[0]!.stdout.trimEnd();
    const graph = 'onnx/model.onnx';
    expect(readFileSync(join(path, graph)).equals(readFileSync(join(embedded, graph)))).toBe(true);
    const blobs = readdirSync(join(path, '../../blobs'));
    expect(blobs.filter((name) => name.endsWith('.incomplete'))).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s, and goes on another time', async (signal, code) => {
    const hub = await startHub(embedded);
    const env = environment(hub);
    hub.mood.hangsAfter = 1_000_000;
    const { child, ended } = start(['models', 'pull', ID], { env });
    hub.onSent = () => child.kill(signal);
    const run = await ended;
    expect(run).toMatchObject({ code, stdout: '' });
    expect(run.stderr).toMatch(/interrupted; the same command goes on from what is there\n$/);
    hub.mood.hangsAfter = undefined;
    const next = await kelvin(['models', 'pull', ID], { env });
    expect(next.code).toBe(0);
    expect(existsSync(join(next.stdout.trimEnd(), 'onnx/model.onnx'))).toBe(true);
  });

  it('goes on from what a killed one has left', async () => {
    const hub = await startHub(embedded);
    const env = environment(hub);
    hub.mood.breaks = [1_000_000];
    hub.mood.hangsAfter = 0;
    const { child, ended } = start(['models', 'pull', ID], { env });
    // The second answer comes when the first was written down.
    hub.onSent = () =>
      hub.mood.breaks.length === 0 && hub.asked.at(-1)?.range && child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    hub.mood.hangsAfter = undefined;
    hub.asked.length = 0;
    expect(await kelvin(['models', 'pull', ID], { env })).toMatchObject({ code: 0 });
    const ranges = hub.asked.filter(({ of }) => of === 'storage').map(({ range }) => range);
    expect(ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  it('says where a disk takes no more, and goes on when it does', async () => {
    const hub = await startHub(embedded);
    const env = environment(hub);
    // No file may be longer than a megabyte, in blocks of 1024 bytes.
    const limited = `ulimit -f 1000; exec "${process.execPath}" "${main}" models pull ${ID}`;
    const options = { env: { ...process.env, ...env } };
    const full = await promisify(execFile)('bash', ['-c', limited], options).catch(
      (error) => error,
    );
    expect(full).toMatchObject({ code: 1, stdout: '' });
    expect(full.stderr).toContain(`kelvin: ${env.HF_HUB_CACHE}: EFBIG`);
    expect(full.stderr).toMatch(/; free some room, or let HF_HUB_CACHE name another folder\n$/);
    expect((await kelvin(['models', 'pull', ID], { env })).code).toBe(0);
    expect(hub.asked.at(-1)!.range).toBe('bytes=1024000-');
  });

  it('tells of a broken line, and of what is chosen', async () => {
    const hub = await startHub(embedded);
    hub.mood.breaks = [1_000_000];
    const { code, stderr } = await kelvin(['models', 'pull', ID], { env: environment(hub) });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^acme\/story: onnx\/model.onnx broke off: .+; trying again$/m);
  });

  it.each([
    [[], 2, "missing required argument 'model'"],
    [['story'], 2, 'ORG/NAME@REVISION, got "story"'],
    [['../story'], 2, 'got "../story"'],
    [[ID, '--revision', '../x'], 2, 'with --revision "../x"'],
    [[ID, '--dtype', 'q3'], 2, '--dtype must be one of fp32'],
    [[ID, '--dtype', 'q4'], 2, '--dtype must be one of fp32 of acme/story, got "q4"'],
    [[ID, '--revision', 'v9'], 1, 'acme/story: no such revision: v9'],
    [['acme/none'], 1, 'no such model or revision at http'],
  ] as const)('%j ends with %d', async (args, code, message) => {
    const env = environment(await startHub(embedded));
    const run = await kelvin(['models', 'pull', ...args], { env });
    expect(run).toMatchObject({ code, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('offline says so', async () => {
    const run = await kelvin(['models', 'pull', ID], { env: environment() });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toBe('kelvin: acme/story is not pulled: HF_HUB_OFFLINE is set\n');
  });

  it('takes a token from the environment', async () => {
    const hub = await startHub(embedded);
    hub.mood.token = 'hf_secret';
    const [without, withToken] = await Promise.all([
      kelvin(['models', 'pull', ID], { env: environment(hub) }),
      kelvin(['models', 'pull', ID], { env: { ...environment(hub), HF_TOKEN: 'hf_secret' } }),
    ]);
    expect(without).toMatchObject({ code: 1 });
    expect(without.stderr).toMatch(/HF_TOKEN/);
    expect(withToken.code).toBe(0);
    expect(withToken.stderr).not.toMatch('hf_secret');
  });
});
