import { harmlessJson } from './harmless.ts';

/** One line of NDJSON; what JSON cannot say (Infinity) becomes a string rather than null. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, field) =>
    typeof field === 'number' && !Number.isFinite(field) ? String(field) : field,
  );
  return `${harmlessJson(text)}\n`;
}
