import { samplingOptions } from '../../sampling/index.ts';
import { invalidOption } from '../../sampling/option.ts';
import { maxTokensOption, topOption } from '../generate-options.ts';
import { parseResponseFormat } from '../response-format.ts';
import {
  anything,
  exactly,
  integer,
  natural,
  oneOf,
  optional,
  readFields,
  readRecord,
  refuse,
  text,
} from './fields.ts';
import {
  checked,
  type Line,
  modelFields,
  readSampling,
  readStep,
  refuseEngine,
} from './read-step.ts';
import type { RecordedGeneration } from './record.ts';

/** Settings that are no sampling options. */
export const OTHERS: readonly string[] = ['maxTokens', 'stop', 'responseFormat', 'top'];

const REASONS = ['end', 'stop', 'length', 'context', 'abort'] as const;

/** What `kelvin generate --json` wrote. @throws KelvinError `RECORD_FILE` */
export function readGeneration(lines: readonly Line[]): RecordedGeneration {
  const last = lines.at(-1)!;
  const { line } = last;
  if (!('summary' in last.value))
    refuse(line, 'a summary must be at the end of the file, got none: it was cut short');
  refuseEngine(line, (last.value.summary as { model?: unknown } | null)?.model);
  const steps = lines.slice(0, -1).map(readStep);
  // What went on from another text cannot be repeated to the last bit without that one.
  const { summary } = readFields(line, last.value, { summary: anything });
  const read = readFields(
    line,
    summary,
    {
      ...{ model: anything, prompt: text, text, finishReason: oneOf(REASONS) },
      ...{ stop: optional(text), promptTokens: natural, reusedTokens: exactly(0) },
      ...{ tokens: exactly(steps.length), seed: integer, settings: anything, timings: anything },
    },
    'summary',
  );
  const { file: _, ...model } = readFields(
    line,
    read.model,
    { ...modelFields, file: text },
    'summary.model',
  );
  const { finishReason, promptTokens, tokens, seed, stop } = read;
  return {
    ...{ kind: 'generation', model, prompt: read.prompt, steps },
    ...readSettings(line, read.settings),
    summary: { line, text: read.text, finishReason, stop, promptTokens, tokens, seed },
  };
}

function readSettings(line: number, value: unknown) {
  const name = 'summary.settings';
  const settings = readRecord(line, value, name);
  const values = Object.entries(settings).map(([setting, entry]) => {
    const called = `${name}.${setting}`;
    const fields = { value: anything, origin: oneOf(['option', 'model', 'built-in']) };
    return [setting, readFields(line, entry, fields, called).value] as const;
  });
  // What is off is null.
  const given = Object.fromEntries(values.filter(([, content]) => content !== null));
  const { maxTokens, stop, responseFormat, top, ...sampling } = given;
  for (const [setting] of values)
    if (!Object.hasOwn(samplingOptions, setting) && !OTHERS.includes(setting))
      refuse(line, `${name}.${setting} must be the name of a setting, got one that is none`);
  return {
    sampling: readSampling(line, sampling, name),
    ...checked(line, name, () => ({
      maxTokens: maxTokensOption.parse(maxTokens, 'maxTokens'),
      top: topOption.parse(top, 'top'),
      stop: readStop(stop),
      // Records of old have none.
      responseFormat: parseResponseFormat(responseFormat ?? { type: 'text' }, 'responseFormat')
        .format,
    })),
  };
}

function readStop(stop: unknown): readonly string[] {
  if (Array.isArray(stop) && stop.every((one) => typeof one === 'string' && one !== ''))
    return stop;
  throw invalidOption('stop', 'an array of non-empty texts', stop);
}
