/** The part of a graph that an edit needs to know, each thing with its place in the file. */

/** Bytes [start, to) of the file. */
export interface Span {
  readonly start: number;
  readonly to: number;
}

/** A field of the graph: all of its bytes, and where its content starts behind tag and length. */
interface Part extends Span {
  readonly from: number;
}

export interface Node extends Part {
  /** `MatMul`, or `com.microsoft:MatMulNBits` where it is not of the standard. */
  readonly op: string;
  /** Empty names stand for optional ones that are absent. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly integers: ReadonlyMap<string, number>;
  readonly lists: ReadonlyMap<string, readonly number[]>;
  /** The tensor among its attributes, as a constant has one. */
  readonly tensor: Omit<Part, 'start'> | undefined;
  /** Values that graphs inside it use; names of their own may be among them. */
  readonly captured: readonly string[];
}

/** An initializer. */
export interface Weight extends Part {
  readonly name: string;
  /** Its bytes, where the file holds them as such. */
  readonly raw: Span | undefined;
  /** The file that has its bytes, if it is another. */
  readonly location: string | undefined;
}

/** An input, an output, or what the file says of a value between them. */
export interface Value extends Span {
  readonly name: string;
  /** ONNX element type; undefined for what is no tensor. */
  readonly type: number | undefined;
  /** Sizes and names of sizes; undefined where even their number is unknown. */
  readonly dims: readonly (number | string)[] | undefined;
}

export interface Graph extends Part {
  readonly nodes: readonly Node[];
  readonly weights: ReadonlyMap<string, Weight>;
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
  readonly infos: readonly Value[];
  /** Which node gives a value. */
  readonly producers: ReadonlyMap<string, Node>;
  /** Which nodes take a value, inside or out, each as often as it does. */
  readonly consumers: ReadonlyMap<string, readonly Node[]>;
}

/** Takes values back to where they come from, through all that `through` lets pass. */
export function* ancestors(
  graph: Graph,
  values: Iterable<string>,
  through: (node: Node, value: string) => boolean = () => true,
): Generator<{ value: string; node: Node | undefined }> {
  const seen = new Set(values);
  // A set's iterator also meets what is added on the way.
  for (const name of seen) {
    const node = graph.producers.get(name);
    yield { value: name, node };
    if (!node || !through(node, name)) continue;
    for (const input of [...node.inputs, ...node.captured]) if (input) seen.add(input);
  }
}

/**
 * Whether a value is the same however many tokens a run has: made of weights alone, or the scale
 * or zero point of a dynamic quantisation, which are scalars.
 */
export function isFixed(graph: Graph, value: string): boolean {
  const scalar = (node: Node, name: string) =>
    node.op === 'DynamicQuantizeLinear' && name !== node.outputs[0];
  for (const { value: name, node } of ancestors(graph, [value], (n, v) => !scalar(n, v))) {
    if (graph.weights.has(name) || node?.op === 'Constant') continue;
    if (!node || (node.inputs.length === 0 && !scalar(node, name))) return false;
  }
  return true;
}
