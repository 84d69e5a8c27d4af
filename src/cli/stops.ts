import { UsageError } from './usage-error.ts';

/** Stop texts, one more for each `--stop`. */
export function stops(text: string, previous: string[] = []): string[] {
  if (text === '') throw new UsageError('--stop must be a non-empty text, got ""');
  return [...previous, text];
}
