import type { OptionRow } from '../sampling/option.ts';
import { kebab } from './kebab.ts';
import { numeral } from './numeral.ts';
import { UsageError } from './usage-error.ts';

// A flag for a group of values: `multiplier=0.8,sequence-breakers=13/42`. Between the tokens of a
// list there is a slash, as the comma ends the value.

/** The members of a record, as a flag's argument gives them; checked one by one. */
export function record(text: string, flag: string, _: unknown, row: OptionRow): object {
  const members = row.members ?? {};
  const legal = Object.keys(members).map(kebab);
  const given = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name, value] = /^\s*([^=\s]+)=(.*)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || !legal.includes(name)) {
      const allowed = `name=value, with the names ${legal.join(', ')}`;
      throw new UsageError(`${flag} must be made of ${allowed}, got ${JSON.stringify(part)}`);
    }
    if (given.has(name)) throw new UsageError(`${flag} names ${name} twice`);
    given.set(name, value.trim());
  }
  const entries = Object.entries(members).map(([name, member]) => {
    const value = given.get(kebab(name));
    if (value === undefined && member.default !== undefined) return [name, member.default];
    return [name, member.parse(read(value, member), `${flag} ${kebab(name)}`)];
  });
  return Object.fromEntries(entries);
}

function read(text: string | undefined, row: OptionRow): unknown {
  if (text === undefined) return undefined;
  return row.kind === 'tokens' ? text.split('/').map(numeral) : numeral(text);
}

/** What such a flag allows, in words: a line for each member. */
export function recordInterval({ members = {} }: OptionRow): string {
  return Object.entries(members)
    .map(([name, row]) => {
      const allowed = row.kind === 'tokens' ? 'token ids, as in 13/42' : row.interval;
      const fallback = typeof row.default === 'number' ? `, default ${row.default}` : '';
      return `${kebab(name)}: ${allowed}${fallback}`;
    })
    .join('\n');
}
