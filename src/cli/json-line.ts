import { jsonText } from '../generation/json-text.ts';
import { harmlessJson } from './harmless.ts';

/** One line of NDJSON. */
export function jsonLine(value: unknown): string {
  return `${harmlessJson(jsonText(value))}\n`;
}
