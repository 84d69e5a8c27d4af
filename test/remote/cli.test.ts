import { once } from 'node:events';
import { generate, loadModel } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kelvin, start } from '../e2e/kelvin.ts';
import { chatModel } from '../model/chat-model.ts';
import { fakeLlama } from './fake-llama.ts';
import { type Fake, type Served, serve } from './served.ts';

let served: Served;
let fake: Fake;
beforeAll(async () => {
  served = await serve(chatModel());
  fake = await fakeLlama(served);
});
afterAll(async () => {
  await fake.close();
  await served.model.dispose();
});

const PROMPT = 'Once upon a time';

describe('the command line with an engine', () => {
  it('writes what the model itself writes', async () => {
    const flags = [PROMPT, '--seed', '3', '--top-k', '40', '-n', '10', '--temperature', '1'];
    const [near, far] = [
      await kelvin(['generate', ...flags]),
      await kelvin(['generate', ...flags, '-m', fake.url]),
    ];
    expect(far.stdout).toBe(near.stdout);
    expect(far.stderr).toMatch(/^10 tokens, token limit reached, seed 3, \d+ tokens\/s, exact\n$/);
  });

  it('needs no flag but the address', async () => {
    const { code, stderr } = await kelvin([
      'generate',
      PROMPT,
      '-n',
      '3',
      '--verbose',
      '-m',
      fake.url,
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^top-k +40 +model$/m);
    expect(stderr).toMatch(/^engine +llama\.cpp +model$/m);
  });

  it('says in one line how to go on where a step cannot be exact', async () => {
    const { code, stdout, stderr } = await kelvin([
      'generate',
      PROMPT,
      '--top-k',
      '0',
      '-m',
      fake.url,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^kelvin: --top-k must be in \[1, 255\] for exact sampling.*approximate.*\n$/,
    );
  });

  it('tells of approximate steps in every line and at the end', async () => {
    const args = [
      'generate',
      PROMPT,
      '-n',
      '4',
      '--top-k',
      '0',
      '--approximate',
      '--json',
      '-m',
      fake.url,
    ];
    const { stdout, stderr } = await kelvin(args);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const { exact, tail } of lines.slice(0, -1))
      expect([exact, tail > 0]).toEqual([false, true]);
    expect(lines.at(-1).summary).toMatchObject({
      ...{ sampledBy: 'kelvin', exactSteps: 0 },
      model: { name: 'story.gguf', engine: { kind: 'llama.cpp', approximate: true } },
    });
    expect(stderr).toContain(', approximate: 0 steps exact\n');
  });

  it('has the engine sample where it is told to', async () => {
    const args = [
      'generate',
      PROMPT,
      '-n',
      '6',
      '--seed',
      '3',
      '--top-k',
      '40',
      '--temperature',
      '1',
    ];
    const { stdout, stderr } = await kelvin([...args, '--sampled-by', 'engine', '-m', fake.url]);
    expect(stderr).toContain(', sampled by the engine\n');
    const { body } = fake.asked.at(-1)!;
    expect(body).toMatchObject({ n_predict: 6, seed: 3, top_k: 40, temperature: 1, stream: true });
    expect(body.samplers).toEqual(['top_k']);
    expect(stdout).toBe((await kelvin(args)).stdout);
  });

  it('tells what the engine is', async () => {
    const { stdout } = await kelvin(['models', 'info', fake.url]);
    expect(stdout).toMatch(/^engine +llama\.cpp$/m);
    expect(stdout).toMatch(/^candidates +256 of at most 2048$/m);
    expect(stdout).toMatch(/^vocabulary +2048 tokens$/m);
    const { stdout: json } = await kelvin(['models', 'info', fake.url, '--json']);
    expect(JSON.parse(json)).toMatchObject({ engine: { kind: 'llama.cpp' }, chat: true });
  });

  it('sweeps', async () => {
    const args = [
      'sweep',
      PROMPT,
      '--temperatures',
      '0.5,1',
      '--samples',
      '2',
      '-n',
      '6',
      '--seed',
      '1',
      '--top-k',
      '30',
      '--csv',
    ];
    const [near, far] = [await kelvin(args), await kelvin([...args, '-m', fake.url])];
    // Digits behind the fifth are those of log-probabilities in Float32.
    const rounded = (csv: string) => csv.replaceAll(/\d+\.\d+/g, (x) => Number(x).toPrecision(4));
    expect(far.code).toBe(0);
    expect(rounded(far.stdout)).toBe(rounded(near.stdout));
  });

  it('talks', async () => {
    const { code, stdout } = await kelvin(['chat', '-m', fake.url, '-n', '5', '--seed', '1'], {
      input: 'Tell me of a dog.\n',
    });
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe('');
  });
});

describe("kelvin's own server as an engine", () => {
  it('is driven, token by token, with what it tells of each', async () => {
    const server = start(['serve', '--port', '0'], { input: null });
    let log = '';
    while (!/"msg":"ready"/.test(log)) log += String((await once(server.child.stderr, 'data'))[0]);
    const url = `${/"url":"([^"]+)"/.exec(log)![1]}/v1`;
    const options = { temperature: 0.9, topP: 0.95, seed: 5, maxTokens: 12, rawTop: 5 };
    const [near, far] = [await loadModel(), await loadModel(url)];
    expect(far.info).toMatchObject({
      ...{ name: 'kelvin-story', contextLength: 512 },
      engine: { kind: 'openai', sampledBy: 'engine', mostCandidates: 20 },
    });
    const generation = generate(far, PROMPT, options);
    const own = generate(near, PROMPT, options);
    const [steps, others] = [[], []] as {
      label?: string;
      logprob: number;
      rawTop?: readonly object[];
    }[][];
    for await (const step of generation) steps!.push(step);
    for await (const step of own) others!.push(step);
    expect(steps!.map(({ label }) => label)).toEqual(others!.map(({ label }) => label));
    expect(steps!.every(({ rawTop }) => rawTop!.length === 5)).toBe(true);
    for (const [i, { logprob }] of steps!.entries())
      expect(logprob).toBeCloseTo(others![i]!.logprob, 4);
    expect((await generation.result()).text).toBe((await own.result()).text);
    await expect(loadModel(url, { sampledBy: 'kelvin' })).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
    await expect(generate(far, PROMPT, { topK: 5 }).next()).rejects.toMatchObject({
      message: 'topK must be absent where the engine samples: openai has no name for it, got 5',
    });
    const stopped = generate(far, PROMPT, { ...options, stop: '.' });
    const summary = await stopped.result();
    expect(summary).toMatchObject({ finishReason: 'stop', stop: '.' });
    expect(summary.text).not.toContain('.');
    for (const model of [near, far]) await model.dispose();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});
