import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isValid } from '../generation/json-schema.ts';
import { temporary } from '../model/variant.ts';
import { kelvin } from './kelvin.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 12 },
    age: { type: 'integer', minimum: 0, maximum: 99 },
  },
  required: ['name', 'age'],
};
const PROMPT = ['generate', 'Once upon a time', '--seed', '3'];

function file(content: unknown): string {
  const path = join(temporary(), 'schema.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('--response-format', () => {
  it('holds the text to the schema in a file, and says no more than ever', async () => {
    const { code, stdout, stderr } = await kelvin([...PROMPT, '--response-format', file(SCHEMA)]);
    expect(code).toBe(0);
    expect(isValid(JSON.parse(stdout), SCHEMA)).toBe(true);
    expect(stderr).toMatch(/^\d+ tokens, the model ended the text, seed 3, \d+ tokens\/s\n$/);
  });

  it('json is an object', async () => {
    const { stdout } = await kelvin([...PROMPT, '--response-format', 'json', '-n', '5']);
    expect(stdout).toMatch(/^\{/);
  });

  it('is replayed from what it told', async () => {
    const told = await kelvin([...PROMPT, '--response-format', file(SCHEMA), '--json']);
    const { code, stdout } = await kelvin(['replay', '-'], { input: told.stdout });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('same') });
  });

  it.each([
    [file('{'), 2, /--response-format must be json or a file with a JSON schema, got .*: no JSON/],
    ['/nowhere.json', 2, /--response-format must be a file of UTF-8 text, got "\/nowhere.json"/],
    [
      file({ type: 'string', pattern: 'a' }),
      2,
      /--response-format\.schema\.pattern must be absent/,
    ],
  ])('%s', async (path, status, message) => {
    const { code, stdout, stderr } = await kelvin([...PROMPT, '--response-format', path]);
    expect({ code, stdout }).toEqual({ code: status, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
