import { invalidOption } from '../../sampling/option.ts';
import { checkApart } from './apart.ts';
import { arrayGrammar } from './array.ts';
import { PRELUDE, spelled } from './ebnf.ts';
import { ALONE, checkKeywords, isOf, KEYWORDS, type Kind } from './keywords.ts';
import { at, listOf, type Node, type Writer } from './node.ts';
import { numberGrammar } from './number.ts';
import { objectGrammar } from './object.ts';
import { stringGrammar } from './string.ts';
import { wordsGrammar } from './words.ts';

const KINDS = Object.keys(KEYWORDS);
const PLACE = 'a place in this schema, as in "#/$defs/name"';

/** Writes the grammar of a schema, a rule for each place. */
export class SchemaGrammar implements Writer {
  readonly #root: unknown;
  readonly #rules: string[] = [];
  /** The rules of what `$ref`s mean. */
  readonly #named = new Map<string, string>();
  /** The `$ref`s that led here with nothing written since. */
  #leading: readonly string[] = [];

  private constructor(root: unknown) {
    this.#root = root;
  }

  /**
   * A grammar whose texts all fit a schema, though not every text that fits is one of them: members
   * come in the order of the schema; an object with `properties` has no others unless
   * `additionalProperties` says so; numbers have no more digits than a Float64 keeps, and no
   * exponent between bounds; strings of a bounded length have no escapes.
   *
   * @param schema JSON
   * @param name what it is called in errors
   * @throws KelvinError `INVALID_OPTION` naming the place and the keyword: one that texts cannot be
   *   held to, or one whose value is not allowed
   */
  static write(schema: unknown, name: string): string {
    const grammar = new SchemaGrammar(schema);
    const root = grammar.value(schema, name, []);
    return `root ::= ${root}\n${grammar.#rules.join('\n')}${PRELUDE}`;
  }

  rule(alternatives: readonly string[]): string {
    // Characters that are not ASCII's may begin with the same byte.
    const isAlike = (one: string) => alternatives.length > 1 && /^"[^\0-\x7f]/.test(one);
    const own = alternatives.map((one) => (isAlike(one) ? this.#alternative(one) : one));
    const name = `r${this.#rules.length}`;
    this.#rules.push(`${name} ::= ${own.join(' | ')}`);
    return name;
  }

  either(alternatives: readonly string[]): string {
    return this.rule(alternatives.map((one) => this.#alternative(one)));
  }

  /** A rule that the library does not take apart, as there is another one in it. */
  #alternative(one: string): string {
    return this.rule([`${one} nothing`]);
  }

  /** @param leading see above; none where something has been written */
  value(schema: unknown, path: string, leading: readonly string[] = []): string {
    if (schema === true) return 'any';
    if (!isOf('object', schema)) throw invalidOption(path, 'a schema that some value fits', schema);
    this.#leading = leading;
    const node = schema as Node;
    const alone = Object.keys(ALONE).find((keyword) => Object.hasOwn(node, keyword));
    if (alone !== undefined) {
      checkKeywords(node, [alone, ...ALONE[alone]!], path);
      return this.#alone(alone, node, path);
    }
    const kinds = [node.type ?? []].flat() as Kind[];
    if (node.type === undefined) {
      checkKeywords(node, [], path);
      return 'any';
    }
    if (kinds.length === 0 || !kinds.every((kind) => KINDS.includes(kind)))
      throw invalidOption(at(path, 'type'), `one or more of ${KINDS.join(', ')}`, node.type);
    checkKeywords(node, ['type', ...kinds.flatMap((kind) => KEYWORDS[kind])], path);
    return this.either(kinds.map((kind) => this.#ofKind(kind, node, path)));
  }

  #ofKind(kind: Kind, node: Node, path: string): string {
    switch (kind) {
      case 'object':
        return objectGrammar(node, path, this);
      case 'array':
        return arrayGrammar(node, path, this);
      case 'string':
        return stringGrammar(node, path);
      case 'number':
      case 'integer':
        return numberGrammar(kind, node, path, this);
      default:
        return kind;
    }
  }

  #alone(keyword: string, node: Node, path: string): string {
    const inner = at(path, keyword);
    const value = node[keyword];
    const leading = this.#leading;
    if (keyword === '$ref') return this.#ref(value, inner);
    if (keyword === 'const') return this.#values([value], node, path, inner);
    const list = listOf(value, inner);
    if (keyword === 'enum') return this.#values(list, node, path, inner);
    if (keyword === 'oneOf') checkApart(list, inner, (ref) => this.#find(ref, inner));
    return this.either(list.map((one, i) => this.value(one, `${inner}[${i}]`, leading)));
  }

  #values(values: readonly unknown[], { type }: Node, path: string, inner: string): string {
    const kinds = [type ?? KINDS].flat();
    const other = values.find((value) => !kinds.some((kind) => isOf(kind, value)));
    if (other !== undefined)
      throw invalidOption(inner, `of the type that is told at ${at(path, 'type')}`, other);
    return wordsGrammar(values.map(spelled), this);
  }

  #ref(ref: unknown, path: string): string {
    const leading = this.#leading;
    if (leading.includes(ref as string))
      throw invalidOption(path, 'another schema than the one it is in', ref);
    const node = this.#find(ref, path);
    const known = this.#named.get(ref as string);
    if (known !== undefined) return known;
    // The name comes before the rule, which may lead back here.
    const name = `ref${this.#named.size}`;
    this.#named.set(ref as string, name);
    this.#rules.push(`${name} ::= ${this.value(node, path, [...leading, ref as string])}`);
    return name;
  }

  #find(ref: unknown, path: string): unknown {
    if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) throw invalidOption(path, PLACE, ref);
    return ref
      .split('/')
      .slice(1)
      .reduce<unknown>((node, part) => {
        const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
        if (typeof node === 'object' && node !== null && Object.hasOwn(node, key))
          return (node as Node)[key];
        throw invalidOption(path, PLACE, ref);
      }, this.#root);
  }
}
