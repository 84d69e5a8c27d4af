import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadModel } from 'kelvin';
import { createServer, listen } from 'kelvin/server';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');

/** Blocks of a language, in order, each with the `output` block that follows it. */
function shown(language: string, output: string): { code: string; printed: string }[] {
  const pairs = new RegExp(
    `\`\`\`${language}\\n((?:(?!\`\`\`)[\\s\\S])+)\`\`\`\\n\\n\`\`\`${output}\\n([\\s\\S]*?)\`\`\``,
    'g',
  );
  return [...readme.matchAll(pairs)].map(([, code, printed]) => ({
    code: code!,
    printed: printed!,
  }));
}

it('shows what its code really prints', () => {
  const blocks = shown('ts', 'text');
  expect(blocks).toHaveLength(3);
  for (const { code, printed } of blocks) {
    const args = ['--input-type=module', '--eval', code];
    expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe(printed);
  }
});

/** What differs from one answer to the next. */
const steady = (answer: string) =>
  answer
    .replaceAll(/"(cmpl|chatcmpl)-[\w-]+"/g, '"$1-..."')
    .replaceAll(/"created":\d+/g, '"created":0');

const hasCurl = spawnSync('curl', ['--version']).status === 0;

it.runIf(hasCurl)('shows what its server really answers', async () => {
  const requests = [...readme.matchAll(/^\$ (curl [\s\S]*?'\n)(\{[\s\S]*?)```/gm)];
  expect(requests.length).toBeGreaterThan(0);
  const model = await loadModel();
  const server = await listen(createServer(model), { port: 0 });
  for (const [, line, printed] of requests) {
    const command = line!.replace('http://127.0.0.1:8080', server.url);
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
    expect(steady(stdout).trimEnd()).toBe(steady(printed!).trimEnd());
  }
  await server.close();
  await model.dispose();
});

it('shows what its commands really print', () => {
  const sessions = [...readme.matchAll(/^\$ ((?:printf .+ \| )?kelvin .+)\n([\s\S]*?)```/gm)];
  expect(sessions.length).toBeGreaterThan(0);
  for (const [, line, printed] of sessions) {
    const command = line!.replaceAll(/(^|\| )kelvin /g, '$1node dist/cli/main.js ');
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe', input: '' } as const;
    expect(execFileSync('/bin/sh', ['-c', command], options).trimEnd()).toBe(printed!.trimEnd());
  }
});
