import { type Command, Option } from 'commander';
import {
  candidatesOption,
  type LoadOptions,
  SAMPLERS,
  type SampledBy,
  threadsOption,
} from '../model/load-options.ts';
import { DTYPES, type Dtype } from '../model/onnx-file.ts';
import { flagOf } from './flag.ts';
import { UsageError } from './usage-error.ts';

export interface ModelFlags {
  readonly model?: string;
  readonly dtype?: Dtype;
  readonly threads?: number;
  readonly sampledBy?: SampledBy;
  readonly candidates?: number;
  readonly approximate?: boolean;
}

export const modelOption = (
  description = 'a model folder, ORG/NAME of a pulled model, or\nhttp://host:port/v1#name of one that an engine runs,\nwhose key is in KELVIN_ENGINE_KEY;\nthe embedded story model if absent',
) => new Option('-m, --model <folder>', description);

export const dtypeOption = (summary = 'weight format, where the folder holds several') =>
  new Option('--dtype <format>', `${summary}\none of ${DTYPES.join(', ')}`).argParser((text) => {
    if ((DTYPES as string[]).includes(text)) return text;
    throw new UsageError(
      `--dtype must be one of ${DTYPES.join(', ')}, got ${JSON.stringify(text)}`,
    );
  });

export const threadsFlag = () => flagOf('--threads', threadsOption);

/** The flags of a command that loads a model to read whole rows, which no engine tells. */
export const addLocalModelFlags = (
  command: Command,
  model = modelOption(
    'a model folder, or ORG/NAME of a pulled model;\nthe embedded story model if absent',
  ),
): Command =>
  command.optionsGroup('Model:').addOption(model).addOption(dtypeOption()).addOption(threadsFlag());

/** The flags of a command that loads a model, as groups of its help. */
export const addModelFlags = (command: Command): Command =>
  addLocalModelFlags(command, modelOption())
    .optionsGroup('Where an engine runs the model:')
    .addOption(
      new Option(
        '--sampled-by <who>',
        `who draws the tokens; one of ${SAMPLERS.join(', ')}\nkelvin where the engine's tokens have ids`,
      ).argParser((text) => {
        if ((SAMPLERS as readonly string[]).includes(text)) return text;
        throw new UsageError(
          `--sampled-by must be one of ${SAMPLERS.join(', ')}, got ${JSON.stringify(text)}`,
        );
      }),
    )
    .addOption(flagOf('--candidates', candidatesOption))
    .option('--approximate', 'allow steps that depend on tokens it does not tell of');

/** What a command's flags say of how to load a model. */
export const loadOptions = (flags: ModelFlags): LoadOptions =>
  Object.fromEntries(
    (['dtype', 'threads', 'sampledBy', 'candidates', 'approximate'] as const)
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name]]),
  );
