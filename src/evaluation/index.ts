export { exactTemperatureCurve } from './exact-temperature-curve.ts';
export type { Loop } from './loop.ts';
export {
  type CurvePoint,
  gapBelowCurve,
  TemperatureCurve,
  temperatureCurve,
} from './temperature-curve.ts';
export { type ScoredToken, TextMetrics, type TextReadout } from './text-metrics.ts';
export { type TradeOff, tradeOff } from './trade-off.ts';
