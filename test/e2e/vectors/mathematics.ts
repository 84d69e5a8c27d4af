import {
  argmax,
  coherenceTemperatureDerivative,
  crossEntropy,
  crossEntropyGradient,
  crossEntropyOfProbabilities,
  entropy,
  entropyTemperatureDerivative,
  exp,
  log,
  logSoftmax,
  logSumExp,
  negativeLogLikelihood,
  negativeLogLikelihoodGradient,
  OnlineSoftmax,
  philox4x32,
  sigmoid,
  softmax,
  softmaxBackward,
  softmaxJacobian,
  standardNormalization,
  uniform,
} from 'kelvin/sampling';
import { exact } from './exact.ts';
import { rows } from './rows.ts';

/** Every function of the sampler's mathematics, at points and on rows. */
export function mathematics(): Record<string, string> {
  const points = Float64Array.from({ length: 5000 }, (_, i) => (uniform(1, 0, i) - 0.5) * 1480);
  const [a, b] = rows('peaked', 48);
  const [p, q] = [softmax(a, 0.7), softmax(b)];
  const pieces = new OnlineSoftmax().push(a.subarray(0, 10)).push(a.subarray(10));
  return {
    exp: exact(() => points.map(exp)),
    log: exact(() => points.map((x) => log(Math.abs(x)))),
    sigmoid: exact(() => points.map((x) => sigmoid(x / 10))),
    philox4x32: exact(() => philox4x32([1, 2, 3, 0xffffffff], [4, 5])),
    softmax: exact(() => [p, q, softmax(rows('flat', 3000)[0])]),
    logSoftmax: exact(() => [logSoftmax(a, 1.3), logSumExp(a), argmax(a)]),
    standardNormalization: exact(() => standardNormalization(p)),
    softmaxJacobian: exact(() => softmaxJacobian(p)),
    softmaxBackward: exact(() => softmaxBackward(p, q)),
    loss: exact(() => [negativeLogLikelihood(a, 3), negativeLogLikelihoodGradient(a, 3)]),
    crossEntropy: exact(() => [crossEntropy(a, [1, 4]), crossEntropyGradient(a, [1, 4])]),
    entropy: exact(() => [entropy(p), crossEntropyOfProbabilities(p, q)]),
    entropyTemperatureDerivative: exact(() => entropyTemperatureDerivative(a, 0.6)),
    coherenceTemperatureDerivative: exact(() => coherenceTemperatureDerivative(a, 0.6)),
    OnlineSoftmax: exact(() => {
      const { sum, logSumExp, mean, variance, entropy } = pieces.merge(new OnlineSoftmax().push(b));
      return { sum, logSumExp, mean, variance, entropy };
    }),
  };
}
