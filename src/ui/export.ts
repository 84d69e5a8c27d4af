import { isDeepStrictEqual } from 'node:util';
import type { GenerateOptions } from '../generation/generate-options.ts';
import {
  type OptionRow,
  parseSamplingOptions,
  type SamplingOptions,
  samplingOptions,
} from '../sampling/index.ts';
import { kebab } from './kebab.ts';
import { literal } from './literal.ts';
import { quoted } from './shell.ts';

/** What was tuned, to be used elsewhere. */
export interface Tuned {
  readonly prompt: string;
  /** The folder the model came from; absent for the embedded one. */
  readonly model?: string;
  readonly options: Omit<SamplingOptions, 'constraint'>;
  readonly maxTokens?: GenerateOptions['maxTokens'];
  /**
   * What the model's own `generation_config.json` asks for. It holds wherever the settings are
   * used, so that what was switched off is written out.
   */
  readonly asked?: Omit<SamplingOptions, 'constraint'>;
  /** Options that are written out even where they hold anyway. */
  readonly said?: readonly string[];
}

type Written = readonly (readonly [name: string, value: unknown])[];

/**
 * A command that writes with these settings: `kelvin generate 'Once upon a time' --temperature 0.8`.
 *
 * @throws KelvinError as `parseSamplingOptions`, for options that a sampler would refuse
 */
export function commandLine(tuned: Tuned): string {
  const { prompt, model, maxTokens } = tuned;
  const flags = written(tuned).flatMap(([name, value]) => {
    const flag = `--${kebab(name)}`;
    return flagValues(samplingOptions[name as keyof SamplingOptions], value).flatMap((text) => [
      flag,
      quoted(text),
    ]);
  });
  // Where it might be taken for a flag, it goes behind all of them.
  const isDashed = prompt.startsWith('-');
  return [
    'kelvin generate',
    ...(prompt === '' || isDashed ? [] : [quoted(prompt)]),
    ...(model === undefined ? [] : ['--model', quoted(model)]),
    ...flags,
    ...(maxTokens === undefined ? [] : ['--max-tokens', String(maxTokens)]),
    ...(isDashed ? ['--', quoted(prompt)] : []),
  ].join(' ');
}

/**
 * A module that writes with these settings, ready to run.
 *
 * @throws KelvinError as `parseSamplingOptions`, for options that a sampler would refuse
 */
export function typeScript(tuned: Tuned): string {
  const { prompt, model, maxTokens } = tuned;
  const options = Object.fromEntries([
    ...written(tuned),
    ...(maxTokens === undefined ? [] : [['maxTokens', maxTokens]]),
  ]);
  const code = (value: unknown) => literal(value, 'typescript');
  return `import { generate, loadModel } from 'kelvin';

const model = await loadModel(${model === undefined ? '' : code(model)});
const generation = generate(model, ${code(prompt)}, ${code(options)});
for await (const { text } of generation) process.stdout.write(text);
await model.dispose();
`;
}

/**
 * The body of an OpenAI chat/completions request with these settings. What OpenAI has no name for
 * is there under kelvin's, in snake case, as llama.cpp and vLLM have it. An infinite number is a
 * literal too large for a double, which JSON has no other way to say: it is read as infinite.
 *
 * @throws KelvinError as `parseSamplingOptions`, for options that a sampler would refuse
 */
export function requestBody(tuned: Tuned): string {
  const { prompt, model = 'kelvin', maxTokens } = tuned;
  const fields = written(tuned).map(([name, value]) => [snake(name), snakeMembers(name, value)]);
  return `${literal(
    {
      model,
      messages: [{ role: 'user', content: prompt }],
      ...Object.fromEntries(fields),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    },
    'json',
  )}\n`;
}

// The options that say something, in the order of the table.
function written({ options, asked = {}, said = [] }: Tuned): Written {
  const effective = parseSamplingOptions(options);
  const otherwise = parseSamplingOptions(asked);
  return Object.keys(samplingOptions).flatMap((option) => {
    const name = option as keyof SamplingOptions;
    const value = effective[name];
    const differs = said.includes(name) || !isDeepStrictEqual(value, otherwise[name]);
    const isSaid = value !== undefined && differs;
    return isSaid ? [[name, withoutDefaults(samplingOptions[name], value)] as const] : [];
  });
}

function withoutDefaults({ members }: OptionRow, value: unknown): unknown {
  if (!members) return value;
  return Object.fromEntries(
    Object.entries(value as object).filter(
      ([name, part]) => !isDeepStrictEqual(part, members[name]!.default),
    ),
  );
}

// What the command line's own table of kinds reads: a list of arguments, as some are repeatable.
function flagValues({ kind, members = {} }: OptionRow, value: unknown): string[] {
  if (kind === 'biases')
    return Object.entries(value as object).map(([id, bias]) => `${id}=${numeral(bias)}`);
  if (kind === 'sequences') return (value as number[][]).map((sequence) => sequence.join(','));
  if (kind === 'record') {
    const parts = Object.entries(value as object).map(([name, part]) => {
      const text = members[name]!.kind === 'tokens' ? part.join('/') : numeral(part);
      return `${kebab(name)}=${text}`;
    });
    return [parts.join(',')];
  }
  if (typeof value === 'number') return [numeral(value)];
  return Array.isArray(value)
    ? [value.map((part) => kebab(String(part))).join(',')]
    : [String(value)];
}

// Not as many digits as would be refused as more than a double holds.
function numeral(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Math.abs(value) < 1e14 || Number.isSafeInteger(value)
    ? String(value)
    : value.toExponential();
}

const snake = (name: string) => kebab(name).replaceAll('-', '_');

// Members of a group are named as options are; ids of tokens and names of stages are values.
const snakeMembers = (name: string, value: unknown) =>
  samplingOptions[name as keyof SamplingOptions].members
    ? Object.fromEntries(Object.entries(value as object).map(([part, of]) => [snake(part), of]))
    : value;
