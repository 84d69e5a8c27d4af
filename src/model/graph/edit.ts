import type { Graph, Node, Value } from './graph.ts';

/** A node to be added. */
export interface NewNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Its attributes, integers and lists of them. */
  readonly integers: Readonly<Record<string, number | readonly number[]>>;
}

/** An input or output to be added. */
export type NewValue = Pick<Value, 'name' | 'type' | 'dims'>;

const PREFIX = 'kelvin.';
/** The input that says of which tokens the logits are wanted. */
export const ROWS = `${PREFIX}rows`;
/** What graphs call the number of new tokens: no name of their own, which may mean another. */
export const COUNT = `${PREFIX}count`;
/** Prefix of the outputs with new rows of the cache, where `present.` was. */
export const NEW = 'new.';

/** What is to become of a graph. */
export class Edit {
  readonly nodes: NewNode[] = [];
  /** Scalars and lists of int64 by name. */
  readonly constants = new Map<string, number | readonly number[]>();
  /** Nodes whose inputs change. */
  readonly rewired = new Map<Node, readonly string[]>();
  readonly dropped = new Set<Node>();
  readonly inputs: NewValue[] = [];
  /** What takes the place of an output. */
  readonly outputs = new Map<string, NewValue>();
  /** Values whose shape in the file is no longer true. */
  readonly reshaped = new Set<string>();
  readonly #known = new Map<string, string>();

  /** The output of a standard operator; of the same one for the same inputs and attributes. */
  node(op: string, inputs: readonly string[], integers: NewNode['integers'] = {}): string {
    const key = JSON.stringify([op, inputs, integers]);
    const output = this.#known.get(key) ?? `${PREFIX}${op}_${this.nodes.length}`;
    if (!this.#known.has(key)) this.nodes.push({ op, inputs, output, integers });
    this.#known.set(key, output);
    return output;
  }

  /** Gives a value a name of its own. */
  give(value: string, name: string): void {
    this.nodes.push({ op: 'Identity', inputs: [value], output: name, integers: {} });
  }

  constant(value: number | readonly number[]): string {
    const name = `${PREFIX}${JSON.stringify(value)}`;
    this.constants.set(name, value);
    return name;
  }

  /** Has `node` take `value` as its input number `index`. */
  rewire(node: Node, index: number, value: string): void {
    this.rewired.set(node, node.inputs.with(index, value));
  }
}

/** Whether a graph has names of its own that an edit would use. */
export function hasNamesOf(graph: Graph): boolean {
  const names = [graph.producers, graph.weights, graph.inputs].flatMap((map) => [...map.keys()]);
  return names.some((name) => name.startsWith(PREFIX) || name.startsWith(NEW));
}
