export type { Candidate, Chance, Edge } from './candidate.ts';
export type { StageDescription } from './describe.ts';
export type { Distribution } from './distribution.ts';
export type { Constraint } from './edits/constraint.ts';
export type { Dry } from './edits/dry.ts';
export type { Biases } from './edits/logit-bias.ts';
export {
  coherenceTemperatureDerivative,
  entropy,
  entropyTemperatureDerivative,
} from './entropy.ts';
export { type ErrorCode, KelvinError } from './error.ts';
export { exp } from './exp.ts';
export type { Mirostat } from './filters/mirostat.ts';
export type { Xtc } from './filters/xtc.ts';
export { softmaxBackward, softmaxJacobian } from './gradients.ts';
export { log } from './log.ts';
export {
  crossEntropy,
  crossEntropyGradient,
  crossEntropyOfProbabilities,
  negativeLogLikelihood,
  negativeLogLikelihoodGradient,
  oneHot,
} from './loss.ts';
export { OnlineSoftmax } from './online-softmax.ts';
export type { OptionRow } from './option.ts';
export {
  type EffectiveOptions,
  parseSamplingOptions,
  type SamplingOptions,
  samplingOptions,
} from './options.ts';
export type { Order } from './order.ts';
export { philox4x32, uniform, type Words2, type Words4 } from './philox.ts';
export type { Inspection, Listing, Position } from './position.ts';
export type { Sample } from './sample.ts';
export { Sampler } from './sampler.ts';
export {
  argmax,
  logSoftmax,
  logSumExp,
  sigmoid,
  softmax,
  standardNormalization,
} from './softmax.ts';
export type { DynamicTemperature } from './temperature.ts';
export type { Cut } from './trace.ts';
