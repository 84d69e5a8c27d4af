import { Option } from 'commander';
import { parseResponseFormat, type ResponseFormat } from '../generation/response-format.ts';
import { readTextFile } from './text-file.ts';
import { UsageError } from './usage-error.ts';

const FLAG = '--response-format';

/** `--response-format json`, or a file with a JSON schema. */
export const responseFormatFlag = () =>
  new Option(
    `${FLAG} <format>`,
    'hold the text to JSON\njson for any object, or a file with a JSON schema',
  );

/** What the flag says. @throws UsageError, KelvinError */
export async function readResponseFormat(flag: string): Promise<ResponseFormat> {
  if (flag === 'json') return { type: 'json' };
  const format = { type: 'json', schema: schemaOf(await readTextFile(FLAG, flag), flag) } as const;
  parseResponseFormat(format, 'responseFormat');
  return format;
}

function schemaOf(text: string, file: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${FLAG} must be json or a file with a JSON schema, got ${file}: no JSON`);
  }
}
