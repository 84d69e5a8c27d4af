import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, modelCopy } from './folders.ts';
import { kelvin } from './kelvin.ts';

async function refusal(folder: string): Promise<string> {
  const run = await kelvin(['generate', 'Once', '-n', '1', '-m', folder]);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toMatch(/^kelvin: [^\n]+\n$/);
  expect(run.stderr).not.toMatch(/ {4}at |node:internal/);
  return run.stderr;
}

// [what is wrong, the file a message must name, how to break it]
const BROKEN: readonly (readonly [string, string, (path: string) => void])[] = [
  ['missing', 'config.json', rmSync],
  ['missing', 'onnx/model.onnx', rmSync],
  ['missing', 'tokenizer.json', rmSync],
  ['not JSON', 'config.json', (path) => writeFileSync(path, '{"vocab_size": ')],
  ['of the wrong type', 'config.json', (path) => writeFileSync(path, '{"vocab_size": "many"}')],
  ['not JSON', 'generation_config.json', (path) => writeFileSync(path, 'temperature=1')],
  ['not JSON', 'tokenizer.json', (path) => truncateSync(path, 1000)],
  ['another JSON', 'tokenizer.json', (path) => writeFileSync(path, '{}')],
  ['empty', 'onnx/model.onnx', (path) => truncateSync(path)],
  ['cut short', 'onnx/model.onnx', (path) => truncateSync(path, 100_000)],
  [
    'noise',
    'onnx/model.onnx',
    (path) =>
      writeFileSync(
        path,
        readFileSync(path).map((byte) => byte ^ 0x55),
      ),
  ],
];

describe.concurrent('a model with a file that is', () => {
  it.each(BROKEN)('%s: %s', async (_, file, spoil) => {
    const folder = modelCopy();
    spoil(join(folder, file));
    expect(await refusal(folder)).toContain(file);
  });
});

describe.concurrent('a model that is', () => {
  it('not there', async () => {
    expect(await refusal('/no/such/model')).toContain('/no/such/model');
  });

  it('an empty folder', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'onnx'));
    expect(await refusal(folder)).toContain(folder);
  });

  it('full of escape sequences', async () => {
    const folder = modelCopy();
    writeFileSync(join(folder, 'config.json'), '\u001B]0;hello\u0007{');
    const said = await refusal(folder);
    expect(said).toContain('config.json');
    expect(said).toContain('␛]0;hello␇');
  });
});
