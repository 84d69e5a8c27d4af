import { numberOption } from '../sampling/option.ts';

/** How fast text is written where somebody watches. */
export const paceOption = numberOption({
  min: 0,
  max: Number.POSITIVE_INFINITY,
  openMin: true,
  default: 20,
  summary: 'the most tokens a second; inf for as fast as they come',
});
