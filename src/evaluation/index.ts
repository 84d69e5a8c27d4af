export type { TradeOff } from './trade-off.ts';
