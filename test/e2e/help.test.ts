import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { samplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { emptyFolder, root } from './folders.ts';
import { kelvin } from './kelvin.ts';

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flat = (text: string) => text.replace(/\s+/g, ' ');

describe.concurrent('help', () => {
  it.each([
    [
      [],
      [
        'tune',
        'chat',
        'generate',
        'sweep',
        'replay',
        'softmax',
        'score',
        'calibrate',
        'models',
        '--version',
      ],
    ],
    [['generate'], ['--max-tokens', '--stop', '--json', '--logprobs', '--verbose', '--threads']],
    [['chat'], ['--system', '--completion', '--max-tokens', '--json', '--verbose', '--top-p']],
    [['replay'], ['<file>', '--model', '--threads']],
    [['sweep'], ['--temperatures', '--sweep', '--samples', '--reference', '--svg', '--resume']],
    [['softmax'], ['--temperature', '--target', '--jacobian', '--json', '[numbers...]']],
    [['score'], ['--model', '--dtype', '--threads', '--json', '[file]']],
    [['calibrate'], ['--model', '--dtype', '--threads', '--json', '[file]']],
    [['serve'], ['--port', '--host', '--api-key', '--parallel', '--queue', 'KELVIN_API_KEY']],
    [['models'], ['list', 'info', 'pull']],
    [
      ['models', 'list'],
      ['--json', '[folder]'],
    ],
    [
      ['models', 'info'],
      ['--json', '--dtype', '[model]'],
    ],
    [
      ['models', 'pull'],
      ['--revision', '--dtype', '<model>', 'HF_TOKEN', 'HF_HUB_CACHE'],
    ],
  ])('of kelvin %j fits 80 columns', async (command, mentions) => {
    const { code, stdout, stderr } = await kelvin([...command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: ${['kelvin', ...command].join(' ')} `));
    for (const mention of mentions) expect(stdout).toContain(mention);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('tells of every sampling option what it does, its range and its default', async () => {
    const help = flat((await kelvin(['generate', '--help'])).stdout);
    for (const [name, row] of Object.entries(samplingOptions)) {
      if (row.kind === 'constraint') continue;
      expect(help).toContain(`--${kebab(name)} <`);
      expect(help).toContain(flat(row.summary));
      for (const [member, { kind, interval }] of Object.entries(row.members ?? {}))
        expect(help).toContain(`${kebab(member)}: ${kind === 'tokens' ? 'token ids' : interval}`);
      // On the command line these are not lists and records but repeated.
      if (['biases', 'tokens', 'sequences', 'record'].includes(row.kind)) continue;
      const fallback = row.default === undefined ? '' : `; default ${row.default}`;
      expect(help).toContain(`${row.interval}${fallback}`);
    }
  });

  it('loads nothing that runs models', async () => {
    const coverage = emptyFolder();
    await kelvin(['--help'], { env: { NODE_V8_COVERAGE: coverage } });
    const loaded = readdirSync(coverage).flatMap((file): string[] =>
      JSON.parse(readFileSync(join(coverage, file), 'utf8')).result.map(
        (script: { url: string }) => script.url,
      ),
    );
    expect(loaded.some((url) => url.endsWith('/cli/program.js'))).toBe(true);
    expect(loaded.filter((url) => /onnxruntime|transformers|\/zod\//.test(url))).toEqual([]);
  });
});

it('tells its version', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(await kelvin(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});
