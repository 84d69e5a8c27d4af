import { uniform } from 'kelvin/sampling';

/** Logits from uniform numbers by operations that IEEE 754 makes exact, so that all engines agree. */
const shapes: Readonly<Record<string, (u: number) => number>> = {
  flat: (u) => 4 * u - 2,
  peaked: (u) => 24 * u * u * u - 6,
  // Most blocks weigh too little to count.
  steep: (u) => 160 * u * u * u * u - 80,
  ties: (u) => Math.floor(8 * u),
  holes: (u) => (u < 0.3 ? -Infinity : 20 * u * u),
  extreme: (u) => (u - 0.5) * 6e38,
};

export const shapeNames = Object.keys(shapes);

const STEPS = 4;
const made = new Map<string, readonly Float32Array[]>();

/** The rows of a few steps: each is the one before, moved on by some tokens. */
export function rows(shape: string, vocabulary: number): readonly Float32Array[] {
  const key = `${shape} ${vocabulary}`;
  const found = made.get(key) ?? make(shape, vocabulary);
  made.set(key, found);
  return found;
}

function make(shape: string, vocabulary: number): Float32Array[] {
  const shift = 7;
  const all = new Float32Array(vocabulary + shift * (STEPS - 1));
  for (let i = 0; i < all.length; i++) all[i] = shapes[shape](uniform(vocabulary, 2, i));
  return Array.from({ length: STEPS }, (_, step) =>
    all.subarray(shift * step, shift * step + vocabulary),
  );
}
