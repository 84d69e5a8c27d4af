export { generate, type Sampled } from './generate.ts';
export { type Prepared, prepare } from './prepare.ts';
export type { SampledText } from './text.ts';
export type { TransformersOptions } from './texts.ts';
export type { TransformersModel } from './transformers-model.ts';
