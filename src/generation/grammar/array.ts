import { invalidOption } from '../../sampling/option.ts';
import { at, countOf, listOf, type Node, type Writer } from './node.ts';

/** Arrays: all of `prefixItems` that there may be, then as many `items` as there may be. */
export function arrayGrammar(schema: Node, path: string, writer: Writer): string {
  const { prefix, items, named } = itemsOf(schema, path);
  const most = countOf(schema, 'maxItems', path) ?? Number.POSITIVE_INFINITY;
  const least = countOf(schema, 'minItems', path) ?? 0;
  const parts = prefix
    .slice(0, most)
    .map((node, i) => writer.value(node, `${at(path, named.prefix)}[${i}]`));
  const room = items === false ? parts.length : most;
  if (least > room) throw invalidOption(at(path, 'minItems'), `at most ${room} here`, least);
  if (room <= parts.length) return `"[" ${parts.join(' ", " ')} "]"`.replace('  ', ' ');
  const item = writer.value(items, at(path, named.items));
  const more = (written: number) => {
    const bound = most === Number.POSITIVE_INFINITY ? '' : most - written;
    return `(", " ${item}){${Math.max(0, least - written)},${bound}}`;
  };
  if (parts.length > 0) return `"[" ${parts.join(' ", " ')} ${more(parts.length)} "]"`;
  const some = `${item} ${more(1)}`;
  return `"[" ${least === 0 ? `(${some})?` : some} "]"`;
}

interface Items {
  /** The schemas of the first ones, in order. */
  readonly prefix: readonly unknown[];
  /** The schema of those behind them. */
  readonly items: unknown;
  /** What the schema calls the two. */
  readonly named: { readonly prefix: string; readonly items: string };
}

/** As a schema of today says it, or one of draft-07, where `items` may list the first ones. */
function itemsOf({ prefixItems, items, additionalItems }: Node, path: string): Items {
  if (Array.isArray(items)) {
    if (prefixItems !== undefined)
      throw invalidOption(at(path, 'prefixItems'), 'absent beside a list of items', prefixItems);
    const named = { prefix: 'items', items: 'additionalItems' };
    return { prefix: listOf(items, at(path, 'items')), items: additionalItems ?? false, named };
  }
  const named = { prefix: 'prefixItems', items: 'items' };
  if (additionalItems !== undefined)
    throw invalidOption(
      at(path, 'additionalItems'),
      'absent without a list of items, as it would say nothing',
      additionalItems,
    );
  const prefix = prefixItems === undefined ? [] : listOf(prefixItems, at(path, 'prefixItems'));
  return { prefix, items: items ?? prefix.length === 0, named };
}
