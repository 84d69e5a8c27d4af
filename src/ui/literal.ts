/** What a value is written for. */
export type Notation = 'typescript' | 'json';

// Characters that would drive a terminal or turn the direction of what follows, and those that
// end a line for some readers.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const WIDTH = 72;

/** Plain data as source text; what is too long for a line has a line for each entry. */
export function literal(value: unknown, notation: Notation, indent = ''): string {
  if (typeof value === 'string') return text(value, notation);
  if (typeof value === 'number') return number(value, notation);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(
    ([name, part]) => (isList ? '' : `${key(name, notation)}: `) + literal(part, notation, inner),
  );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const space = isList || parts.length === 0 ? '' : ' ';
  const line = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (indent.length + line.length <= WIDTH && !line.includes('\n')) return line;
  const end = notation === 'typescript' ? ',' : '';
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}${end}\n${indent}${close}`;
}

const key = (name: string, notation: Notation) =>
  notation === 'typescript' && /^([a-z_]\w*|[1-9]\d*|0)$/i.test(name) ? name : text(name, notation);

// JSON has no infinite numbers, but numbers too large for a double, which are read as such.
function number(value: number, notation: Notation): string {
  if (Number.isFinite(value) || notation === 'typescript') return String(value);
  return value > 0 ? '1e999' : '-1e999';
}

function text(value: string, notation: Notation): string {
  const json = JSON.stringify(value).replace(UNSAFE, (sign) =>
    [...Array(sign.length).keys()]
      .map((i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  if (notation === 'json') return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
