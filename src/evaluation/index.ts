export { bootstrap, type Interval } from './bootstrap.ts';
export { Calibration } from './calibration.ts';
export type { CalibrationResult, Fit } from './calibration-result.ts';
export { distinctN } from './distinct.ts';
export { exactTemperatureCurve } from './exact-temperature-curve.ts';
export type { Loop } from './loop.ts';
export type { Reliability, ReliabilityBin } from './reliability.ts';
export { selfBleu } from './self-bleu.ts';
export {
  type CurvePoint,
  gapBelowCurve,
  TemperatureCurve,
  temperatureCurve,
} from './temperature-curve.ts';
export { type ScoredToken, TextMetrics } from './text-metrics.ts';
export type { TextReadout } from './text-readout.ts';
export { type TradeOff, tradeOff } from './trade-off.ts';
