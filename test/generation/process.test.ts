import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { decoder } from '../model/decoders/decoder.ts';
import { tinyGpt2 } from '../model/decoders/shape.ts';

const door = new URL('../../dist/index.js', import.meta.url);

/** What a program that uses kelvin prints, once it has ended by itself. */
async function program(body: string): Promise<string> {
  return (await ended(body)).stdout;
}

function ended(body: string) {
  const source = `import { explore, generate, loadModel } from ${JSON.stringify(door.href)};\n${body}`;
  const run = promisify(execFile);
  return run(process.execPath, ['--input-type=module', '--eval', source], {
    timeout: 20_000,
  });
}

describe('a program', () => {
  it.each([
    ['an idle model', ''],
    ['a finished text', "await generate(model, 'Once', { maxTokens: 2 }).result();"],
    [
      'an abandoned text',
      "const left = generate(model, 'Once'); await left.next(); await left.return();",
    ],
    ['a closed exploration', "explore(model, 'Once', {}, () => {}).close();"],
    [
      'a failed exploration',
      'await new Promise((end) => explore(model, Array(600).fill(5), {}, end));',
    ],
    ['a disposed model', 'await model.dispose();'],
    ['a refused model', "await loadModel('/nowhere').catch(() => {});"],
  ])('ends with %s', async (_, body) => {
    expect(await program(`const model = await loadModel();\n${body}\nconsole.log('done');`)).toBe(
      'done\n',
    );
  });

  it.each([
    ['leaves', 'process.exit(3)', 3],
    ['fails', "throw new Error('mine')", 1],
  ])('that %s while a text is written ends as it would without one', async (_, how, code) => {
    // Stopping a thread in native code aborts only now and then, so it is tried at many places.
    for (const at of [0, 1, 2, 3, 5, 8, 13, 21]) {
      const program = ended(`
        const model = await loadModel();
        const bias = { 0: -Infinity };
        for await (const { index } of generate(model, 'Once', { maxTokens: 400, logitBias: bias }))
          if (index === ${at}) setImmediate(() => { ${how}; });
      `);
      await expect(program).rejects.toMatchObject({ code, signal: null });
    }
  });

  it('that leaves while a long prompt is read waits for a piece of it, not for all', async () => {
    const { folder } = decoder({ ...tinyGpt2, width: 256, heads: 4, inner: 1024, context: 12_000 });
    const program = ended(`
      const model = await loadModel(${JSON.stringify(folder)}, { threads: 1 });
      const prompt = Array.from({ length: 12_000 }, (_, i) => 1 + (i % 2000));
      const progress = (read) => { if (read > 500) process.exit(3); };
      await generate(model, prompt, { maxTokens: 1, progress }).result();
    `);
    await expect(program).rejects.toMatchObject({ code: 3, signal: null });
  });

  it('stays while a text is written, and while a model is disposed of', async () => {
    expect(
      await program(`
        const model = await loadModel();
        const texts = [1, 2].map((seed) => generate(model, 'Once', { seed, maxTokens: 20 }).result());
        Promise.all(texts).then((all) => console.log(all.length)).then(() => model.dispose()).then(() => console.log('done'));
      `),
    ).toBe('2\ndone\n');
  });
});
