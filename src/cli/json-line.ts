import { jsonText } from '../generation/json-text.ts';
import { harmlessJson } from '../ui/terminal/harmless.ts';

/** One line of NDJSON. */
export function jsonLine(value: unknown): string {
  return `${harmlessJson(jsonText(value))}\n`;
}
