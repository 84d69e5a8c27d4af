/**
 * Softmax regression: a linear layer, softmax and cross-entropy, learned by gradient descent with
 * nothing but kelvin's own gradients. Tells three kinds of flowers apart by two made-up measures.
 *
 *   npx tsx examples/softmax-regression.ts
 */
import {
  argmax,
  crossEntropy,
  crossEntropyGradient,
  softmax,
  softmaxBackward,
  uniform,
} from 'kelvin/sampling';

const KINDS = ['rose', 'tulip', 'daisy'];
/** The middle of each kind's petal lengths and widths, in cm from those of all. */
const MIDDLES = [
  [-2.3, -1],
  [0.4, 0.1],
  [1.9, 0.9],
];
const FLOWERS_PER_KIND = 20;
const RATE = 0.5;
const EPOCHS = 200;

const flowers = MIDDLES.flatMap(([length, width], kind) =>
  Array.from({ length: FLOWERS_PER_KIND }, (_, i) => {
    const luck = (stream: number) => uniform(7, stream, kind * FLOWERS_PER_KIND + i) - 0.5;
    // The 1 is what the bias is multiplied with.
    return { inputs: [length + 2 * luck(0), width + luck(1), 1], kind };
  }),
);
const targets = flowers.map(({ kind }) => kind);
/** Three weights for each kind: of length, width and 1. */
const weights = KINDS.map(() => [0, 0, 0]);

/** The linear layer: a row of logits for each flower. */
const forward = () =>
  flowers.map(({ inputs }) =>
    weights.map((row) => row.reduce((sum, weight, i) => sum + weight * inputs[i], 0)),
  );

/** Takes the gradient in the logits back through the linear layer, and the weights a step down. */
function descend(gradient: Float64Array): void {
  for (const [flower, { inputs }] of flowers.entries())
    for (const [kind, row] of weights.entries())
      for (const [i, input] of inputs.entries())
        row[i] -= RATE * gradient[flower * KINDS.length + kind] * input;
}

/** The loss's gradient in the probabilities, −1/p of the right kind, taken back through softmax. */
function backward(logits: number[][]): Float64Array {
  const probabilities = logits.map((row) => softmax(row));
  const gradient = probabilities.flatMap((row, flower) =>
    Array.from(row, (p, kind) => (kind === targets[flower] ? -1 / (p * flowers.length) : 0)),
  );
  return softmaxBackward(
    probabilities.flatMap((row) => [...row]),
    gradient,
    KINDS.length,
  );
}

let difference = 0;
for (let epoch = 0; epoch <= EPOCHS; epoch++) {
  const logits = forward();
  const loss = crossEntropy(logits.flat(), targets);
  if (epoch % 40 === 0) console.log(`epoch ${`${epoch}`.padStart(3)}  loss ${loss.toFixed(4)}`);
  const gradient = backward(logits);
  // Softmax and cross-entropy in one are simpler: probability − onehot.
  for (const [i, value] of crossEntropyGradient(logits.flat(), targets).entries())
    difference = Math.max(difference, Math.abs(value - gradient[i]));
  descend(gradient);
}
console.log(`the two gradients differ by less than ${difference < 1e-12 ? '1e-12' : difference}`);

const guesses = forward().map((row) => argmax(row));
for (const [kind, name] of KINDS.entries()) {
  const own = guesses.slice(kind * FLOWERS_PER_KIND, (kind + 1) * FLOWERS_PER_KIND);
  console.log(`${name.padEnd(5)} taken for ${own.map((guess) => KINDS[guess][0]).join('')}`);
}
const right = guesses.filter((guess, flower) => guess === targets[flower]).length;
console.log(`${right} of ${flowers.length} right`);
