export * from './evaluation/index.ts';
export type { TextCalibration } from './generation/calibrate.ts';
export {
  type Event as ExplorationEvent,
  Exploration,
  explore,
} from './generation/explorer/explore.ts';
export type { Pause } from './generation/explorer/messages.ts';
export type { Explanation, SeenCandidate, View, Written } from './generation/explorer/view.ts';
export { Generation, generate } from './generation/generate.ts';
export type { GenerateOptions } from './generation/generate-options.ts';
export { loadModel } from './generation/load-model.ts';
export type { Model } from './generation/model.ts';
export type { JsonSchema, ResponseFormat } from './generation/response-format.ts';
export type { Read } from './generation/score.ts';
export type {
  FinishReason,
  Origin,
  RawCandidate,
  Settings,
  Step,
  StepCandidate,
  Summary,
} from './generation/step.ts';
export { gridOf } from './generation/sweep/grid.ts';
export { type Recommendation, recommend, type TextPoint } from './generation/sweep/recommend.ts';
export { measureReference, type Reference } from './generation/sweep/reference.ts';
export type { Run } from './generation/sweep/run.ts';
export { type SettingSummary, summarise } from './generation/sweep/summarise.ts';
export { sweep } from './generation/sweep/sweep.ts';
export type { Setting, SweepOptions } from './generation/sweep/sweep-options.ts';
export type { EngineInfo, ModelInfo, TensorInfo } from './model/info.ts';
export type { LoadOptions, ModelPart } from './model/load-options.ts';
export type { Dtype } from './model/onnx-file.ts';
export type { PromptProgress } from './model/sequence.ts';
export type { Message } from './model/tokenizer.ts';
export * from './sampling/index.ts';
