import { invalidOption } from '../../sampling/option.ts';
import { literal } from './ebnf.ts';
import { isOf } from './keywords.ts';
import { at, type Node, type Writer } from './node.ts';
import { otherKeys } from './other-keys.ts';

const LONGEST_NAME = 256;

/** Objects: the members in the order of the schema, then the others if there may be any. */
export function objectGrammar(schema: Node, path: string, writer: Writer): string {
  const { properties, required = [], additionalProperties } = schema;
  const members = Object.entries(membersOf(properties, at(path, 'properties')));
  const names = members.map(([name]) => name);
  if (!Array.isArray(required))
    throw invalidOption(at(path, 'required'), 'a list of names', required);
  const stranger = required.find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw invalidOption(at(path, 'required'), 'names that are in properties', stranger);
  const pairs = members.map(([name, node]) => {
    const inner = at(at(path, 'properties'), name);
    return `${literal(literal(name))} ": " ${writer.value(node, inner)}`;
  });
  // Who tells nothing of the members wants any.
  const others = additionalProperties ?? properties === undefined;
  let [first, next] = ['""', '""'];
  if (others !== false) {
    const value = writer.value(others, at(path, 'additionalProperties'));
    const pair = writer.rule([`${otherKeys(names, writer)} ": " ${value}`]);
    next = writer.rule([`(", " ${pair})*`]);
    first = writer.rule(['""', `${pair} ${next}`]);
  }
  // From the last to the first: what may follow where nothing, and where something, is written.
  pairs.toReversed().forEach((pair, i) => {
    const isRequired = required.includes(names.at(-1 - i));
    const mayLack = (rest: string) => (isRequired ? [] : [rest]);
    first = writer.rule([`${pair} ${next}`, ...mayLack(first)]);
    next = writer.rule([`", " ${pair} ${next}`, ...mayLack(next)]);
  });
  return `"{" ${first} "}"`;
}

function membersOf(properties: unknown, path: string): Node {
  if (properties === undefined) return {};
  if (!isOf('object', properties)) throw invalidOption(path, 'an object of schemas', properties);
  for (const name of Object.keys(properties as Node))
    if (name.length > LONGEST_NAME)
      throw invalidOption(path, `names of at most ${LONGEST_NAME} characters`, name.slice(0, 64));
  return properties as Node;
}
