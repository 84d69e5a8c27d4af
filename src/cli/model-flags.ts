import { type Command, Option } from 'commander';
import { threadsOption } from '../model/load-options.ts';
import { DTYPES, type Dtype } from '../model/onnx-file.ts';
import { flagOf } from './flag.ts';
import { UsageError } from './usage-error.ts';

export interface ModelFlags {
  readonly model?: string;
  readonly dtype?: Dtype;
  readonly threads?: number;
}

export const modelOption = (
  description = 'a model folder, or ORG/NAME of a pulled model;\nthe embedded story model if absent',
) => new Option('-m, --model <folder>', description);

export const dtypeOption = (summary = 'weight format, where the folder holds several') =>
  new Option('--dtype <format>', `${summary}\none of ${DTYPES.join(', ')}`).argParser((text) => {
    if ((DTYPES as string[]).includes(text)) return text;
    throw new UsageError(
      `--dtype must be one of ${DTYPES.join(', ')}, got ${JSON.stringify(text)}`,
    );
  });

export const threadsFlag = () => flagOf('--threads', threadsOption);

/** The flags of a command that loads a model, as a group of its help. */
export const addModelFlags = (command: Command): Command =>
  command
    .optionsGroup('Model:')
    .addOption(modelOption())
    .addOption(dtypeOption())
    .addOption(threadsFlag());
