import { execFile } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { emptyFolder, root } from './folders.ts';

const MINUTES = 60_000;
const ROBOT = ['generate', 'The little robot', '--temperature', '0.8', '--seed', '7'];

/** Runs a command to its end, without stdin and without the test runner's settings. */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  // npm's settings, such as a registry, are the machine's.
  const npm = Object.entries(process.env).filter(([name]) => /^npm_config_/i.test(name));
  const work = promisify(execFile)(command, args, {
    cwd,
    env: { ...Object.fromEntries(npm), PATH, HOME, NODE_ENV: '' },
    maxBuffer: 1e8,
  });
  work.child.stdin?.end();
  return (await work).stdout;
}

// What npm says before it runs a script.
const withoutBanner = (stdout: string) => stdout.replace(/^\n> .*\n> .*\n\n/, '');

describe.skipIf(!existsSync(join(root, '.git')))('a fresh clone', () => {
  it(
    'tells a story, and packs into something others can install',
    async () => {
      const home = emptyFolder();
      const clone = join(home, 'clone');
      await run(home, 'git', 'clone', '--quiet', '--depth', '1', `file://${root}`, clone);
      await run(clone, 'npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund');

      const story = withoutBanner(await run(clone, 'npm', 'start'));
      expect(story.split(/\s+/).length).toBeGreaterThan(10);
      const robot = withoutBanner(await run(clone, 'npm', 'start', '--', ...ROBOT));
      expect(robot).toMatch(/\w+ \w+/);

      await run(clone, 'npm', 'run', 'package');
      const tarball = readdirSync(clone).find((name) => name.endsWith('.tgz'))!;
      const app = emptyFolder();
      writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }');
      await run(
        app,
        ...(['npm', 'install', '--ignore-scripts', '--prefer-offline'] as const),
        ...['--no-audit', '--no-fund', join(clone, tarball)],
      );
      expect(await run(app, join(app, 'node_modules/.bin/kelvin'), ...ROBOT)).toBe(robot);
      writeFileSync(
        join(app, 'app.js'),
        `import { generate, loadModel } from 'kelvin';
        const model = await loadModel();
        const options = { temperature: 0.8, seed: 7 };
        for await (const { text } of generate(model, 'The little robot', options))
          process.stdout.write(text);
        await model.dispose();`,
      );
      expect(await run(app, process.execPath, 'app.js')).toBe(robot);
    },
    10 * MINUTES,
  );
});
