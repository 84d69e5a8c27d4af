import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';
import { readRecord as readObject, refuse } from './fields.ts';
import { readGeneration } from './read-generation.ts';
import { readSession } from './read-session.ts';
import type { Line } from './read-step.ts';
import type { Recorded } from './record.ts';

/**
 * Reads a recorded session, or what `kelvin generate --json` wrote.
 *
 * @param text NDJSON
 * @throws KelvinError `RECORD_FILE` naming the line, the field, what is allowed and what is there
 */
export function readRecord(text: string): Recorded {
  if (text.trim() === '')
    throw new KelvinError('RECORD_FILE', 'a recorded session must hold lines of JSON, got none');
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  const lines = all.map((content, i): Line => {
    const line = i + 1;
    const isCut = i === all.length - 1 && content.startsWith('{') && !text.endsWith('\n');
    return { line, value: readObject(line, parsed(line, content, isCut), 'the line') };
  });
  const [{ value }] = lines as [Line];
  if ('kelvin' in value) return readSession(lines);
  if ('index' in value || 'summary' in value) return readGeneration(lines);
  return refuse(
    1,
    `must be the first line of a session or of \`kelvin generate --json\`, got ${show(value)}`,
  );
}

function parsed(line: number, content: string, isCut: boolean): unknown {
  try {
    return JSON.parse(content);
  } catch {
    const shown = show(content.length > 40 ? `${content.slice(0, 40)}…` : content);
    return refuse(line, `must be JSON, got ${shown}${isCut ? ': the file was cut short' : ''}`);
  }
}
