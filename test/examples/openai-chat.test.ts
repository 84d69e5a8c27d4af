import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generate, loadModel, type Model } from 'kelvin';
import { createServer, listen } from 'kelvin/server';
import { expect, it } from 'vitest';
import { chatModel } from '../model/chat-model.ts';
import { withRun } from '../server/wrapped.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const options = { maxTokens: 60, temperature: 0.7, stop: '.', seed: 7, rawTop: 1 };

/** What the chat prints when these lines are typed. */
function talk(lines: readonly string[], url: string, apiKey = 'none') {
  const args = ['--import', 'tsx', 'examples/openai-chat.ts'];
  const env = { ...process.env, OPENAI_BASE_URL: url, OPENAI_API_KEY: apiKey };
  return new Promise<{ stdout: string; stderr: string; code: unknown }>((resolve) => {
    const child = execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error ? error.code : 0 }),
    );
    child.stdin!.end(lines.map((line) => `${line}\n`).join(''));
  });
}

/** The model behind a server, under which every text has the same seed. */
async function served(model: Model, apiKey?: string) {
  const { seed } = options;
  const seeded = withRun(model, (request, signal, progress) =>
    model.run({ ...request, sampling: { ...request.sampling, seed } }, signal, progress),
  );
  return listen(createServer(seeded, { ...(apiKey && { apiKey }) }), { port: 0 });
}

/** What an answer is to look like, and its text. */
async function answered(model: Model, prompt: string | readonly number[]) {
  const tokens: string[] = [];
  const generation = generate(model, prompt, options);
  for await (const { label, logprob } of generation)
    tokens.push(`${label} ${(-logprob).toFixed(1)}`);
  const { text } = await generation.result();
  return { text, shown: `> ${text}\n(${tokens.join(' |')})\n` };
}

it('goes on with a story where the model has no chat template', async () => {
  const model = await loadModel();
  const server = await served(model);
  const { stdout, stderr, code } = await talk(['One day, a fox', ' It was'], `${server.url}/v1`);
  const first = await answered(model, 'One day, a fox');
  const second = await answered(model, `One day, a fox${first.text}. It was`);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toBe(
    `kelvin-story tells stories: begin one, and go on.\n${first.shown}${second.shown}> `,
  );
  await server.close();
  await model.dispose();
});

it('talks, with all that was said before, and goes on after an error', async () => {
  const model = await loadModel(chatModel());
  const server = await served(model, 'secret');
  const typed = ['Who is there?', 'much too long '.repeat(500), 'A fox?'];
  const { stdout, stderr, code } = await talk(typed, `${server.url}/v1`, 'secret');
  const who = { role: 'user', content: 'Who is there?' };
  const first = await answered(model, await model.template([who]));
  const said = [who, { role: 'assistant', content: first.text }];
  const prompt = await model.template([...said, { role: 'user', content: 'A fox?' }]);
  const second = await answered(model, prompt);
  expect(stdout).toBe(`Talk with ${model.info.name}.\n${first.shown}> ${second.shown}> `);
  expect(stderr).toMatch(/^Error: 400 messages must be at most 512 tokens.*\n$/);
  expect(code).toBe(0);
  await server.close();
  await model.dispose();
});

it('says where it looked for a server that is not there', async () => {
  const url = 'http://127.0.0.1:9/v1';
  expect(await talk(['Hello'], url)).toEqual({
    stdout: '',
    stderr: `${url} does not answer: start kelvin serve, or set OPENAI_BASE_URL\n`,
    code: 1,
  });
});

it('says that a key is wrong', async () => {
  const model = await loadModel();
  const server = await served(model, 'secret');
  const { stdout, stderr, code } = await talk(['Hello'], `${server.url}/v1`, 'wrong');
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(/^Error: 401 .*\n$/);
  await server.close();
  await model.dispose();
});
