import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { docExamples, pageExamples, runExample } from './example.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

beforeEach(() => {
  // Examples may print; what they print is not this report.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

const files = (folder: string, end: string, recursive: boolean) =>
  readdirSync(`${root}${folder}`, { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}${name}`)
    .sort();
const cases = (paths: string[], examplesOf: (text: string) => string[]) =>
  paths.flatMap((path) =>
    examplesOf(read(path)).map((code, index) => ({ name: `${path} ${index + 1}`, code })),
  );

describe('an example holds', () => {
  const inSource = cases(files('src/', '.ts', true), docExamples);
  const onPages = cases(files('', '.md', false), pageExamples);

  it('wherever one is found, and some are', () => {
    expect(inSource.length).toBeGreaterThan(20);
  });

  it.each([...inSource, ...onPages])('$name', async ({ code }) => {
    await runExample(code);
  });
});

describe('a wrong example', () => {
  it.each([
    ['whose value is another', "import { softmax } from 'kelvin';\nsoftmax([0]).length; // => 2"],
    ['whose constant is another', 'const one = argmax([1, 3]); // => 0'],
    ['that throws', 'new Sampler({ topP: 2 });'],
    ['whose import is not there', "import { nothing } from 'kelvin/nothing';\nnothing();"],
  ])('%s is noticed', async (_, code) => {
    await expect(runExample(code)).rejects.toThrow();
  });

  it('is found in a docstring and on a page', () => {
    expect(docExamples('/** A.\n * @example\n * a(); // => 1\n * b();\n * @throws c\n */')).toEqual(
      ['a(); // => 1\nb();'],
    );
    expect(
      pageExamples("```ts\nimport a from 'kelvin';\na();\n```\n```ts\nimport b from 'b';\n```\n"),
    ).toEqual(["import a from 'kelvin';\na();\n"]);
  });
});
