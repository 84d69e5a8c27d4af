import type { TextModel } from '../../model/text-model.ts';
import { TextStream } from '../text-stream.ts';
import type { Known } from './known.ts';
import type { Pause } from './messages.ts';
import { type Node, pathFrom } from './tree.ts';

/** A token's text depends on no more tokens in front of it. */
const CONTEXT = 32;
/** A character is no more tokens. */
const PARTS = 4;

/** The texts of the nodes that are known, and where they end. */
export class Texts {
  readonly #model: TextModel;
  readonly #known: Known;
  readonly #endTokens: readonly number[];

  constructor(model: TextModel, known: Known, endTokens: readonly number[]) {
    this.#model = model;
    this.#known = known;
    this.#endTokens = endTokens;
  }

  /** What ends a text at a node: an end token, or the model's context. */
  endAt(node: Node): Pause | undefined {
    if (node.depth > 0 && this.#endTokens.includes(node.token)) return 'end';
    return this.#known.isBeyond(node) ? 'context' : undefined;
  }

  /** The text up to a node, for what comes after it. */
  upTo(node: Node): TextStream {
    const { prompt, tree } = this.#known;
    const path = pathFrom(tree.root, node);
    const recent = path.slice(-CONTEXT);
    const before = [...prompt, ...path.slice(0, -CONTEXT).map(({ token }) => token)];
    const text = new TextStream(this.#model.tokenizer.decode, before.slice(-CONTEXT));
    for (const one of recent) this.of(one, text);
    return text;
  }

  /** The last tokens up to a node, as many as may be one character and more. */
  tokensTo(node: Node): number[] {
    const { prompt, tree } = this.#known;
    const path = pathFrom(tree.root, node).slice(-CONTEXT);
    return [...prompt, ...path.map(({ token }) => token)].slice(-PARTS);
  }

  /** The text that became final with a node's token. */
  of(node: Node, text: TextStream): string {
    const end = this.endAt(node);
    // An end token has no text, and what is not complete before it never will be.
    return (end === 'end' ? '' : text.push(node.token)) + (end ? text.flush() : '');
  }
}
