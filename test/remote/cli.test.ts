import { once } from 'node:events';
import { type GenerateOptions, generate, loadModel, type Model } from 'kelvin';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kelvin, start } from '../e2e/kelvin.ts';
import { chatModel } from '../model/chat-model.ts';
import { fakeLlama } from './fake-llama.ts';
import { type Fake, json, type Served, serve } from './served.ts';

let served: Served;
let fake: Fake;
let near: Model;
beforeAll(async () => {
  served = await serve(chatModel());
  fake = await fakeLlama(served);
  near = await loadModel();
});
afterAll(async () => {
  await near.dispose();
  await fake.close();
  await served.model.dispose();
});

const PROMPT = 'Once upon a time';

/** What the model itself writes here. */
const own = (options: GenerateOptions) =>
  generate(near, PROMPT, { temperature: 1, seed: 3, ...options }).result();

describe('the command line with an engine', () => {
  it('writes what the model itself writes, and needs no flag for that but the address', async () => {
    const args = ['generate', PROMPT, '--seed', '3', '-n', '10', '--verbose', '-m', fake.url];
    const { code, stdout, stderr } = await kelvin(args);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: (await own({ topK: 40, maxTokens: 10 })).text,
    });
    expect(stderr).toMatch(/^top-k +40 +model$/m);
    expect(stderr).toMatch(/^engine +llama\.cpp +model$/m);
    expect(stderr).toMatch(/^10 tokens, token limit reached, seed 3, \d+ tokens\/s, exact\n$/m);
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
    const { stdout, stderr } = await kelvin([
      ...['generate', PROMPT, '-n', '6', '--seed', '3', '--top-k', '30', '--top-p', '0.9'],
      ...['--presence-penalty', '0.5', '--sampled-by', 'engine', '-m', fake.url],
    ]);
    expect(stderr).toContain(', sampled by the engine\n');
    const { body } = fake.asked.at(-1)!;
    expect(body).toMatchObject({ n_predict: 6, seed: 3, top_k: 30, top_p: 0.9, stream: true });
    expect(body.samplers).toEqual(['penalties', 'top_k', 'top_p']);
    const { text } = await own({ topK: 30, topP: 0.9, presencePenalty: 0.5, maxTokens: 6 });
    expect(stdout).toBe(text);
  });

  it('tells what the engine is', async () => {
    const { stdout } = await kelvin(['models', 'info', fake.url]);
    expect(stdout).toMatch(/^engine +llama\.cpp$/m);
    expect(stdout).toMatch(/^candidates +256 of at most 2048$/m);
    expect(stdout).toMatch(/^vocabulary +2048 tokens$/m);
    expect(stdout).toMatch(/^chat template +yes$/m);
  });

  it.each(['kelvin', 'engine'])('does not replay what it wrote, %s sampling', async (who) => {
    const args = ['generate', PROMPT, '-n', '2', '--seed', '3', '--json', '-m', fake.url];
    const { stdout } = await kelvin([...args, '--sampled-by', who]);
    const { code, stderr } = await kelvin(['replay', '-'], { input: stdout });
    expect(code).toBe(1);
    expect(stderr).toContain('what an engine wrote is not replayed');
  });

  it('has no flags of engines where none can be asked', async () => {
    const { code, stderr } = await kelvin(['score', 'LICENSE', '--candidates', '5']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "kelvin: unknown option '--candidates'\n",
    });
  });

  it.each(['score', 'calibrate'])('says why it cannot %s a text', async (command) => {
    const { code, stderr } = await kelvin([command, 'LICENSE', '-m', fake.url]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^kelvin: story\.gguf: to measure a text takes whole rows of logits.*\n$/,
    );
  });

  it('sweeps', async () => {
    const { code, stdout } = await kelvin([
      ...['sweep', PROMPT, '--temperatures', '0.5,1', '--samples', '2', '-n', '6', '--seed', '3'],
      ...['--json', '-m', fake.url],
    ]);
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1).map(({ options }) => options)).toEqual([
      { temperature: 0.5 },
      { temperature: 1 },
    ]);
    expect(lines.at(-1).summary.recommended.command).toContain(`--model ${fake.url}`);
  });

  it('talks', async () => {
    const { code, stdout } = await kelvin(['chat', '-m', fake.url, '-n', '5', '--seed', '1'], {
      input: 'Tell me of a dog.\n',
    });
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe('');
  });
});

describe('a server before an engine', () => {
  it('answers as before a model of its own, and says what is not exact', async () => {
    const server = start(['serve', '--port', '0', '-m', fake.url], { input: null });
    let log = '';
    while (!/"msg":"ready"/.test(log)) log += String((await once(server.child.stderr, 'data'))[0]);
    const baseURL = `${/"url":"([^"]+)"/.exec(log)![1]}/v1`;
    const client = new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 });
    const asked = { model: 'story.gguf', prompt: PROMPT, max_tokens: 5, seed: 2, logprobs: 2 };
    const { choices } = await client.completions.create(asked);
    const model = await loadModel(fake.url);
    const { text } = await generate(model, PROMPT, { maxTokens: 5, seed: 2 }).result();
    expect(choices[0]!.text).toBe(text);
    await model.dispose();
    const body = { ...asked, top_k: 0 };
    await expect(client.completions.create(body)).rejects.toMatchObject({
      status: 400,
      code: 'not_exact',
      param: 'top_k',
    });
    fake.trouble = (_, response) => json(response, 500, { error: { message: 'exploded' } });
    await expect(client.completions.create(asked)).rejects.toMatchObject({
      status: 502,
      code: 'engine_failed',
    });
    fake.trouble = undefined;
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});

describe("kelvin's own server as an engine", () => {
  it('is driven, token by token, with what it tells of each', async () => {
    const server = start(['serve', '--port', '0'], { input: null });
    let log = '';
    while (!/"msg":"ready"/.test(log)) log += String((await once(server.child.stderr, 'data'))[0]);
    const url = `${/"url":"([^"]+)"/.exec(log)![1]}/v1`;
    const options = { temperature: 0.9, topP: 0.95, seed: 5, maxTokens: 12, rawTop: 5 };
    const far = await loadModel(url);
    expect(far.info).toMatchObject({
      ...{ name: 'kelvin-story', contextLength: 512 },
      engine: { kind: 'openai', sampledBy: 'engine', mostCandidates: 20 },
    });
    const again = await kelvin(['serve', '--port', '0', '-m', url]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('kelvin-story cannot be served');
    const generation = generate(far, PROMPT, options);
    const local = generate(near, PROMPT, options);
    const [steps, others] = [[], []] as {
      label?: string;
      logprob: number;
      rawTop?: readonly object[];
    }[][];
    for await (const step of generation) steps!.push(step);
    for await (const step of local) others!.push(step);
    expect(steps!.map(({ label }) => label)).toEqual(others!.map(({ label }) => label));
    expect(steps!.every(({ rawTop }) => rawTop!.length === 5)).toBe(true);
    for (const [i, { logprob }] of steps!.entries())
      expect(logprob).toBeCloseTo(others![i]!.logprob, 4);
    expect((await generation.result()).text).toBe((await local.result()).text);
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
    await far.dispose();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});
