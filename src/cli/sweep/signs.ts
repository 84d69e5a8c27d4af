import type { SettingSummary } from '../../generation/sweep/summarise.ts';

const SIGNS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** What stands for a setting in the plot and in front of its rows. */
export function signOf(setting: SettingSummary, best: SettingSummary): string {
  return setting === best ? '*' : (SIGNS[setting.setting] ?? 'o');
}
