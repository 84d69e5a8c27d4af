/** A text as a grammar writes it: JSON spells strings alike. */
export const literal = (text: string): string => JSON.stringify(text);

/** A value as it is to be written: on one line, as Python's `json.dumps` does. */
export function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, part]) => `${literal(key)}: ${spelled(part)}`);
  return `{${members.join(', ')}}`;
}

/**
 * What every schema may use. No white space but behind commas and colons, so that a text cannot run
 * on in it; numbers that a Float64 holds; strings of whole characters, no half of a pair escaped.
 */
export const PRELUDE = `
any ::= string | number | "true" | "false" | "null" | array | object
array ::= "[" (any (", " any)*)? "]"
object ::= "{" (member (", " member)*)? "}"
member ::= string ": " any
string ::= "\\"" string_rest
string_rest ::= "\\"" | [^"\\\\\\x00-\\x1f] string_rest | "\\\\" escape string_rest
escape ::= ["\\\\/bfnrt] | "u" ([0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex)
hex ::= [0-9a-fA-F]
plain_rest ::= "\\"" | [^"\\\\\\x00-\\x1f] plain_rest
short ::= [^"\\\\\\x00-\\x1f]
integer ::= "-"? whole
number ::= "-"? whole ("." [0-9]{1,15})? ([eE] [+\\-]? [0-9]{1,2})?
whole ::= "0" | [1-9] [0-9]{0,14}
boolean ::= "true" | "false"
null ::= "null"
nothing ::= ""
`;
