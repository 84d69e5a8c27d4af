import { invalidOption } from '../../sampling/option.ts';
import { at, countOf, listOf, type Node, type Writer } from './node.ts';

/** Arrays: all of `prefixItems` that there may be, then as many `items` as there may be. */
export function arrayGrammar(schema: Node, path: string, writer: Writer): string {
  const { prefixItems, items = prefixItems === undefined } = schema;
  const most = countOf(schema, 'maxItems', path) ?? Number.POSITIVE_INFINITY;
  const least = countOf(schema, 'minItems', path) ?? 0;
  const first = at(path, 'prefixItems');
  const parts = (prefixItems === undefined ? [] : listOf(prefixItems, first))
    .slice(0, most)
    .map((node, i) => writer.value(node, `${first}[${i}]`));
  const room = items === false ? parts.length : most;
  if (least > room) throw invalidOption(at(path, 'minItems'), `at most ${room} here`, least);
  if (room <= parts.length) return `"[" ${parts.join(' ", " ')} "]"`.replace('  ', ' ');
  const item = writer.value(items, at(path, 'items'));
  const more = (written: number) => {
    const bound = most === Number.POSITIVE_INFINITY ? '' : most - written;
    return `(", " ${item}){${Math.max(0, least - written)},${bound}}`;
  };
  if (parts.length > 0) return `"[" ${parts.join(' ", " ')} ${more(parts.length)} "]"`;
  const some = `${item} ${more(1)}`;
  return `"[" ${least === 0 ? `(${some})?` : some} "]"`;
}
