export { exactTemperatureCurve } from './exact-temperature-curve.ts';
export {
  type CurvePoint,
  gapBelowCurve,
  TemperatureCurve,
  temperatureCurve,
} from './temperature-curve.ts';
export { type TradeOff, tradeOff } from './trade-off.ts';
