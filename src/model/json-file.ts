import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { KelvinError } from '../sampling/error.ts';
import { reason } from './reason.ts';

/** Reads and checks a JSON file; every failure names the file and, where there is one, the field. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new KelvinError('MODEL_FILE', `${path}: ${missing ? 'no such file' : reason(cause)}`, {
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new KelvinError('MODEL_FILE', `${path}: not valid JSON: ${reason(cause)}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new KelvinError(
      'MODEL_FILE',
      `${path}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
    );
  }
  return parsed.data;
}
