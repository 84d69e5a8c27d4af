import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('learns to tell three kinds apart with softmax’s own gradients', () => {
  const args = ['--import', 'tsx', 'examples/softmax-regression.ts'];
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const losses = [...printed.matchAll(/loss (\S+)/g)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(6);
  // Without weights all kinds are equally likely.
  expect(losses[0]).toBeCloseTo(Math.log(3), 4);
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
  expect(losses.at(-1)).toBeLessThan(0.1);
  expect(printed).toContain('the two gradients differ by less than 1e-12\n');
  expect(printed).toMatch(/^daisy taken for d+$/m);
  expect(Number(/^(\d+) of 60 right$/m.exec(printed)![1])).toBeGreaterThan(57);
});
