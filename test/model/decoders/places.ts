import type { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import type { DecoderShape } from './shape.ts';

/** Where the new tokens are among all: what attention and positions are made from. */
export interface Places {
  /** int64 scalars: tokens before, and with the new ones. */
  readonly past: string;
  readonly total: string;
  /** The numbers of the new tokens, [batch or 1, sequence]: as told, or counted on from the past. */
  readonly positions: string;
  /** 0 where a token may look, far below where it may not: [batch or 1, 1, sequence, total]. */
  readonly bias: () => string;
  /** For GroupQueryAttention: tokens in each row less one, [batch]; in the longest, a scalar. */
  readonly lengths: () => readonly [string, string];
}

const FAR_BELOW = -1e9;

/** @param cached whether there is a past: it is counted from the cache, as exporters do */
export function places(g: Graph, shape: DecoderShape, cached: boolean): Places {
  const axis = (x: string, index: number) =>
    g.node('Gather', [g.node('Shape', [x]), scalar(g, index)]);
  const sequence = axis('input_ids', 1);
  const past = cached ? axis('past_key_values.0.key', 2) : scalar(g, 0);
  const total = g.node('Add', [past, sequence]);
  const queries = g.node('Range', [past, total, scalar(g, 1)]);
  return {
    past,
    total,
    positions: shape.positions ? 'position_ids' : g.node('Unsqueeze', [queries, g.ints(0)]),
    bias() {
      const mine = g.node('Unsqueeze', [queries, g.ints(1)]);
      const keys = g.node('Range', [scalar(g, 0), total, scalar(g, 1)]);
      let seen = g.node('LessOrEqual', [keys, mine]);
      if (shape.window !== undefined) {
        const oldest = g.node('Sub', [mine, scalar(g, shape.window)]);
        seen = g.node('And', [seen, g.node('Greater', [keys, oldest])]);
      }
      if (shape.mask) {
        const present = g.node('Cast', ['attention_mask'], { to: TYPES.bool });
        seen = g.node('And', [seen, g.node('Unsqueeze', [present, g.ints(1, 2)])]);
      } else seen = g.node('Unsqueeze', [seen, g.ints(0, 1)]);
      return g.node('Where', [seen, g.float(0), g.float(FAR_BELOW)]);
    },
    lengths() {
      const int32 = (x: string) => g.node('Cast', [x], { to: TYPES.int32 });
      const counts = shape.mask
        ? g.node('ReduceSum', ['attention_mask', g.ints(1)], { keepdims: 0 })
        : g.node('Expand', [total, g.node('Unsqueeze', [axis('input_ids', 0), g.ints(0)])]);
      const all = shape.mask ? axis('attention_mask', 1) : total;
      return [int32(g.node('Sub', [counts, scalar(g, 1)])), int32(all)];
    },
  };
}

const scalar = (g: Graph, value: number) =>
  g.constant(`int_${value}`, 'int64', [], BigInt64Array.of(BigInt(value)));
