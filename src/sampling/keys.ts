// A key is a Float64 integer below 2^53 that orders tokens as every filter does: by score
// descending, among equals the lowest id first. 32 bits of score, then 21 bits of id.

/** Ids must be below this to fit a key. */
export const LARGEST_VOCABULARY = 2 ** 21;
const SIGN = 0x8000_0000;
const LAST_ID = LARGEST_VOCABULARY - 1;

/**
 * Writes the keys of some tokens. In one loop, as a function that returns a key would put each one
 * on the heap.
 *
 * @param bits the scores' Float32 bits by id, as signed integers
 */
export function writeKeys(
  keys: Float64Array,
  bits: Int32Array,
  ids: Int32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const id = ids[i];
    const score = bits[id];
    // Negative numbers' bits ascend as they descend; −0 is 0, as equals must compare equal.
    const ascending = score >= 0 ? score : score === -SIGN ? 0 : score ^ 0x7fff_ffff;
    keys[i] = (ascending + SIGN) * LARGEST_VOCABULARY + (LAST_ID - id);
  }
}

/** The id in a key. */
export const idOf = (key: number): number =>
  LAST_ID - (key - Math.floor(key / LARGEST_VOCABULARY) * LARGEST_VOCABULARY);

function swap(keys: Float64Array, a: number, b: number): void {
  const kept = keys[a];
  keys[a] = keys[b];
  keys[b] = kept;
}

/** Hoare's partition of [from, to] around a median of three; all keys are distinct. */
function split(keys: Float64Array, from: number, to: number): number {
  const middle = (from + to) >>> 1;
  if (keys[middle] > keys[from]) swap(keys, middle, from);
  if (keys[to] > keys[from]) swap(keys, to, from);
  if (keys[to] > keys[middle]) swap(keys, to, middle);
  const pivot = keys[middle];
  let i = from - 1;
  let j = to + 1;
  for (;;) {
    do i++;
    while (keys[i] > pivot);
    do j--;
    while (keys[j] < pivot);
    if (i >= j) return j;
    swap(keys, i, j);
  }
}

/** Brings the k largest of the first `count` keys to the front, in any order. O(count) expected. */
export function selectLargest(keys: Float64Array, count: number, k: number): void {
  let from = 0;
  let to = count - 1;
  while (from < to) {
    const at = split(keys, from, to);
    if (k <= at) to = at;
    else if (k > at + 1) from = at + 1;
    else return;
  }
}

/** Sorts keys [from, to] descending. */
export function sortDescending(keys: Float64Array, from: number, to: number): void {
  while (to - from > 16) {
    const at = split(keys, from, to);
    // The shorter half first, so that the stack stays shallow.
    if (at - from < to - at) {
      sortDescending(keys, from, at);
      from = at + 1;
    } else {
      sortDescending(keys, at + 1, to);
      to = at;
    }
  }
  for (let i = from + 1; i <= to; i++) {
    const key = keys[i];
    let j = i;
    for (; j > from && keys[j - 1] < key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}
