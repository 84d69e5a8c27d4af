import { harmlessJson } from '../ui/terminal/harmless.ts';

/** JSON in which what JSON cannot say (Infinity) is a string rather than null. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, field) =>
    typeof field === 'number' && !Number.isFinite(field) ? String(field) : field,
  );
}

/** One line of NDJSON. */
export function jsonLine(value: unknown): string {
  return `${harmlessJson(jsonText(value))}\n`;
}
