import { Command } from 'commander';
import { loadModel } from '../../generation/load-model.ts';
import { listModelFolders, readModelFolder } from '../../model/folder.ts';
import type { ModelInfo } from '../../model/info.ts';
import { dtypeOption } from '../model-flags.ts';
import { table } from '../table.ts';

interface JsonFlag {
  readonly json?: boolean;
}

/** `kelvin models list` */
export function listCommand(): Command {
  return new Command('list')
    .description('models that came with kelvin, or the model folders inside FOLDER')
    .argument('[folder]', 'a folder of model folders')
    .option('--json', 'one JSON object per model')
    .action(async (root: string | undefined, { json }: JsonFlag) => {
      const folders = await Promise.all((await listModelFolders(root)).map(readModelFolder));
      const models = folders.map(({ name, path, config, files }) => ({
        name,
        architecture: config.model_type,
        formats: files.map(({ dtype, bytes }) => ({ dtype, bytes })),
        path,
      }));
      if (json) {
        for (const model of models) process.stdout.write(`${JSON.stringify(model)}\n`);
        return;
      }
      const rows = models.map(({ name, architecture = '', formats, path }) => [
        name,
        architecture,
        formats.map(({ dtype, bytes }) => `${dtype} ${megabytes(bytes)}`).join(', '),
        path,
      ]);
      process.stdout.write(table([['NAME', 'ARCHITECTURE', 'FORMATS', 'FOLDER'], ...rows]));
    });
}

/** `kelvin models info` */
export function infoCommand(): Command {
  return new Command('info')
    .description('what a model is, wants and gives')
    .argument('[model]', 'a model folder; the embedded model if absent')
    .addOption(dtypeOption())
    .option('--json', 'one JSON object')
    .action(async (name: string | undefined, { json, ...options }: JsonFlag & object) => {
      const model = await loadModel(name, options);
      const { info } = model;
      process.stdout.write(json ? `${JSON.stringify(info)}\n` : describe(info));
      await model.dispose();
    });
}

function describe(info: ModelInfo): string {
  const tensors = (list: ModelInfo['inputs']) =>
    list.map(({ name, type, shape }) => [`  ${name}`, `${type} [${shape.join(', ')}]`]);
  return table([
    ['name', info.name],
    ['architecture', info.architecture ?? 'unknown'],
    ['file', info.file],
    ['format', `${info.dtype}, ${megabytes(info.bytes)}`],
    ['vocabulary', `${info.vocabularySize} tokens`],
    ['context', info.contextLength === undefined ? 'unknown' : `${info.contextLength} tokens`],
    ['layers', String(info.layers ?? 'unknown')],
    ['begin token', String(info.beginToken ?? 'none')],
    ['end tokens', info.endTokens.join(', ') || 'none'],
    ['asks for', JSON.stringify(info.generation)],
    ['inputs', ''],
    ...tensors(info.inputs),
    ['outputs', ''],
    ...tensors(info.outputs),
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
