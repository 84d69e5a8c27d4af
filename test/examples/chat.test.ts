import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generate, loadModel } from 'kelvin';
import { expect, it } from 'vitest';
import { chatModel } from '../model/chat-model.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the chat prints when these lines are typed. */
function talk(lines: readonly string[], ...folder: string[]): string {
  const args = ['--import', 'tsx', 'examples/chat.ts', ...folder];
  // Its paths lead to the sources, whose worker is not built.
  const env = { ...process.env, TSX_TSCONFIG_PATH: 'tsconfig.build.json' };
  const input = lines.map((line) => `${line}\n`).join('');
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env, input });
}

const answers = (printed: string) =>
  [
    ...printed.matchAll(/> (.*?)\n\((\d+) tokens, [\d.]+ nats of surprise each, seed (\d+)\)/gs),
  ].map(([, text, tokens, seed]) => ({ text, tokens: Number(tokens), seed: Number(seed) }));
const options = { maxTokens: 60, temperature: 0.7, minP: 0.05, stop: '.' };

it('goes on with a story where the model has no chat template', async () => {
  const printed = talk(['One day, a fox', ' It was happy']);
  expect(printed).toMatch(/^kelvin-story tells stories/);
  const [first, second, ...others] = answers(printed);
  expect(others).toEqual([]);
  const model = await loadModel();
  const write = async (prompt: string, seed: number) => {
    const { text, tokens } = await generate(model, prompt, { ...options, seed }).result();
    return { text, tokens, seed };
  };
  expect(first).toEqual(await write('One day, a fox', first!.seed));
  const story = `One day, a fox${first!.text}. It was happy`;
  expect(second).toEqual(await write(story, second!.seed));
  await model.dispose();
});

it('talks, with all that was said before, where it has one', async () => {
  const folder = chatModel();
  const [first, second] = answers(talk(['Who is there?', 'A fox?'], folder));
  const model = await loadModel(folder);
  const system = { role: 'system', content: 'Answer in one sentence.' };
  const prompt = await model.template([
    system,
    { role: 'user', content: 'Who is there?' },
    { role: 'assistant', content: first!.text! },
    { role: 'user', content: 'A fox?' },
  ]);
  const { text } = await generate(model, prompt, { ...options, seed: second!.seed }).result();
  expect(second!.text).toBe(text);
  await model.dispose();
});
