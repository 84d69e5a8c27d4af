import { once } from 'node:events';
import { createInterface } from 'node:readline';
import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { kelvin, start } from './kelvin.ts';

const LONG = { model: 'kelvin-story', prompt: 'Once', max_tokens: 200, logit_bias: { '0': -100 } };

interface Line {
  readonly msg: string;
  readonly url?: string;
  readonly [field: string]: unknown;
}

/** A `kelvin serve` on a free port, and what it logs. */
async function serve(args: readonly string[] = [], env = {}) {
  const running = start(['serve', '--port', '0', ...args], { env });
  const log: Line[] = [];
  const lines = createInterface({ input: running.child.stderr });
  lines.on('line', (line) => log.push(JSON.parse(line)));
  const said = async (msg: string): Promise<Line> => {
    for (;;) {
      const line = log.find((line) => line.msg === msg);
      if (line) return line;
      await once(lines, 'line');
    }
  };
  const { url } = await said('listening');
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'secret', maxRetries: 0 });
  return { ...running, url: url!, log, said, client };
}

it('answers from the start, and when the model is there with texts', async () => {
  const { url, client, said, log, child, ended } = await serve(['--parallel', '2']);
  // Whether it is still loading now or there already.
  expect([200, 503]).toContain((await fetch(`${url}/health`)).status);
  expect(await said('ready')).toMatchObject({ model: 'kelvin-story', contextLength: 512 });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const { choices } = await client.completions.create({ ...LONG, prompt: 'A secret', seed: 1 });
  expect(choices[0]!.text).not.toBe('');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, stdout: '' });
  const done = { route: '/v1/completions', status: 200, tokens: 200 };
  expect(log.find(({ route }) => route === '/v1/completions')).toMatchObject(done);
  expect(JSON.stringify(log)).not.toContain('secret');
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s finishes what was begun, and ends',
  async (signal) => {
    const { client, child, ended, said } = await serve();
    await said('ready');
    const stream = await client.completions.create({ ...LONG, stream: true });
    child.kill(signal);
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('length');
    expect(await ended).toMatchObject({ code: 0, signal: null });
  },
);

it('takes its key from the environment, and then others may reach it', async () => {
  const { url, client, said, child, ended } = await serve(['--host', '0.0.0.0'], {
    KELVIN_API_KEY: 'secret',
  });
  await said('ready');
  expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  expect((await client.models.list()).data).toHaveLength(1);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
});

it.each([
  [['--host', '0.0.0.0'], 2, 'kelvin: --host must be an address of this machine alone'],
  [['--port', '99999'], 2, 'kelvin: --port must be an integer in [0, 65535]'],
  [['--api-key', ''], 2, 'kelvin: --api-key must be a non-empty text'],
  [['--parallel', '0'], 2, 'kelvin: --parallel must be an integer ≥ 1'],
  [['--port', '0', '-m', '/nowhere'], 1, 'model "/nowhere": no such folder'],
])('%j ends with %d', async (args, code, message) => {
  const run = await kelvin(['serve', ...args]);
  expect(run.stderr).toContain(message);
  expect(run.code).toBe(code);
});

it('says when its port is taken', async () => {
  const { url, child, ended, said } = await serve();
  await said('ready');
  const run = await kelvin(['serve', '--port', new URL(url).port]);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toMatch(/^kelvin: cannot listen: .*EADDRINUSE/);
  child.kill('SIGTERM');
  await ended;
});
