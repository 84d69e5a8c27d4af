import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as kelvin from 'kelvin';

/** Code of every `@example` in the docstrings of a source file. */
export function docExamples(source: string): string[] {
  return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(([comment]) => {
    const text = comment.replace(/^\/\*\*|\*\/$/g, '').replaceAll(/^\s*\* ?/gm, '');
    return text
      .split(/^@/m)
      .filter((tag) => tag.startsWith('example'))
      .map((tag) => tag.slice('example'.length).trim());
  });
}

/** The `ts` blocks of a page that import from kelvin, and from nowhere but kelvin and Node. */
export function pageExamples(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
  return blocks.filter((code) => {
    const sources = [...code.matchAll(/\bfrom '([^']+)'/g)].map(([, source]) => source!);
    return (
      sources.some((source) => /^kelvin\b/.test(source)) &&
      sources.every((source) => /^(kelvin|node:)/.test(source))
    );
  });
}

/** Runs an example; a line `expression; // => value` must hold. */
export async function runExample(code: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kelvin-example-'));
  const file = join(folder, 'example.ts');
  const names = code.includes('import ') ? '' : `import { ${Object.keys(kelvin)} } from 'kelvin';`;
  writeFileSync(
    file,
    `${names}import { deepStrictEqual as holds } from 'node:assert';\n${checked(code)}`,
  );
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checked(code: string): string {
  return code.replaceAll(/^(.+?);?[ \t]*\/\/ => (.+)$/gm, (_, statement: string, value: string) => {
    const name = /^\s*(?:const|let) (\w+) =/.exec(statement)?.[1];
    return name === undefined
      ? `holds((${statement}), (${value}));`
      : `${statement}; holds(${name}, (${value}));`;
  });
}
