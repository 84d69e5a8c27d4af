import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';

/** A token of one of the texts that begin with the same prompt; the root stands for the prompt. */
export interface Node {
  readonly id: number;
  readonly token: number;
  readonly parent: Node | undefined;
  /** How many tokens are written up to here, itself included. */
  readonly depth: number;
  readonly children: Map<number, Node>;
}

/** All texts that were written or begun, as a tree: those that begin alike share what is alike. */
export class Tree {
  readonly root: Node = { id: 0, token: -1, parent: undefined, depth: 0, children: new Map() };
  readonly #nodes: Node[] = [this.root];

  /** @throws KelvinError INVALID_ARGUMENT for a number no node has */
  node(id: number): Node {
    const node = this.#nodes[id];
    if (!node)
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `node must be an integer in [0, ${this.#nodes.length - 1}], got ${show(id)}`,
      );
    return node;
  }

  /** The node of a token after another; the same one each time. */
  child(parent: Node, token: number): Node {
    const known = parent.children.get(token);
    if (known) return known;
    const id = this.#nodes.length;
    const node = { id, token, parent, depth: parent.depth + 1, children: new Map() };
    parent.children.set(token, node);
    this.#nodes.push(node);
    return node;
  }
}

/** The nodes after an ancestor down to a node. */
export function pathFrom(ancestor: Node, node: Node): Node[] {
  const path: Node[] = [];
  for (let at = node; at !== ancestor; at = at.parent!) path.push(at);
  return path.reverse();
}

/** The last node that two texts share. */
export function sharedBy(a: Node, b: Node): Node {
  let [left, right] = [a, b];
  while (left.depth > right.depth) left = left.parent!;
  while (right.depth > left.depth) right = right.parent!;
  while (left !== right) [left, right] = [left.parent!, right.parent!];
  return left;
}
