import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../dist/integrations/', import.meta.url));

it('takes types of a framework, and nothing at run time', () => {
  const files = readdirSync(built, { recursive: true, encoding: 'utf8' });
  const modules = files.filter((name) => name.endsWith('.js'));
  expect(modules).toContain('ai-sdk/index.js');
  expect(modules).toContain('transformers/index.js');
  for (const name of modules) {
    const code = readFileSync(built + name, 'utf8');
    // At the beginning of a line, where no comment has one.
    const statements = code.matchAll(/^(?:import|export|\}).*'([^']+)';$/gm);
    const sources = [...statements].map(([, from]) => from!);
    expect(sources.filter((from) => !from.startsWith('.'))).toEqual([]);
  }
});
