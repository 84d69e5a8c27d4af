import { invalidOption } from '../../sampling/option.ts';
import { at, countOf, type Node } from './node.ts';

/** Strings: any, or of so many code points. */
export function stringGrammar(node: Node, path: string): string {
  const least = countOf(node, 'minLength', path) ?? 0;
  const most = countOf(node, 'maxLength', path);
  if (least > (most ?? least)) throw invalidOption(at(path, 'minLength'), `at most ${most}`, least);
  if (least === 0 && most === undefined) return 'string';
  return `"\\"" short{${least},${most ?? ''}} "\\""`;
}
