import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the check of layers says about these files. */
async function check(files: Record<string, string>): Promise<{ code: number; report: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kelvin-layers-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const rules = join(root, '.dependency-cruiser.json');
  try {
    return await new Promise((resolve) => {
      execFile(
        process.execPath,
        [cli, 'src', '--config', rules],
        { cwd: folder },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, report: stdout + stderr }),
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SOUND = {
  'src/sampling/a.ts': 'export const a = 1;\n',
  'src/model/b.ts': "import { a } from '../sampling/a.ts';\nexport const b = a;\n",
  'src/generation/c.ts': "import { b } from '../model/b.ts';\nexport const c = b;\n",
};

it('lets a folder import from those above it', async () => {
  expect(await check(SOUND)).toMatchObject({ code: 0 });
});

it.each([
  ['sampling-is-first', 'src/sampling/a.ts', "import '../model/d.ts';\n"],
  ['sampling-is-pure', 'src/sampling/a.ts', "import 'node:fs';\nexport const a = 1;\n"],
  ['below-model', 'src/model/d.ts', "import type { c } from '../generation/c.ts';\nlet d: c;\n"],
  ['below-generation', 'src/generation/d.ts', "import '../cli/main.ts';\n"],
  ['no-cycle', 'src/sampling/a.ts', "import { e } from './e.ts';\nexport const a = e;\n"],
])('fails for %s', async (rule, file, content) => {
  const { code, report } = await check({
    ...SOUND,
    'src/model/d.ts': 'export const d = 1;\n',
    'src/cli/main.ts': 'export {};\n',
    'src/sampling/e.ts': "import { a } from './a.ts';\nexport const e = a;\n",
    [file]: content,
  });
  expect(report).toContain(rule);
  expect(code).toBeGreaterThan(0);
});
