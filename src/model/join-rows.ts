import type { Tensor } from 'onnxruntime-node';

type Ort = typeof import('onnxruntime-node');

/** The rows of a past and those behind it, each [1, heads, tokens, size], as one tensor. */
export function joinRows(ort: Ort, past: Tensor, rows: Tensor): Tensor {
  const [old, added] = [bytesOf(past), bytesOf(rows)];
  const heads = rows.dims[1]!;
  const [before, behind] = [old.length / heads, added.length / heads];
  const all = new Uint8Array(old.length + added.length);
  for (let head = 0; head < heads; head++) {
    const at = head * (before + behind);
    all.set(old.subarray(head * before, (head + 1) * before), at);
    all.set(added.subarray(head * behind, (head + 1) * behind), at + before);
  }
  const dims = rows.dims.with(2, past.dims[2]! + rows.dims[2]!);
  return rows.type === 'float16'
    ? new ort.Tensor('float16', new Uint16Array(all.buffer), dims)
    : new ort.Tensor('float32', new Float32Array(all.buffer), dims);
}

function bytesOf({ data }: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Float32Array | Uint16Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
