import { Command } from 'commander';
import { unhonoured } from '../../generation/model-defaults.ts';
import type { ModelFolder } from '../../model/folder.ts';
import type { ModelInfo } from '../../model/info.ts';
import { reason } from '../../model/reason.ts';
import { jsonLine } from '../json-line.ts';
import { dtypeOption, type ModelFlags } from '../model-flags.ts';
import { complain, write } from '../streams.ts';
import { table } from '../table.ts';

interface JsonFlag {
  readonly json?: boolean;
}

/** `kelvin models list` */
export function listCommand(): Command {
  return new Command('list')
    .description('the models that came with kelvin, or those inside a folder')
    .argument('[folder]', 'a folder of model folders')
    .option('--json', 'one JSON object per model')
    .action(async (root: string | undefined, { json }: JsonFlag) => {
      const { listModelFolders, readModelFolder } = await import('../../model/folder.ts');
      const reads = await Promise.allSettled((await listModelFolders(root)).map(readModelFolder));
      const models = reads.flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []));
      const shown = models.map(listed);
      await write(json ? shown.map(jsonLine).join('') : listing(shown));
      // One broken folder must not hide the others.
      for (const read of reads) {
        if (read.status === 'fulfilled') continue;
        complain(reason(read.reason));
        process.exitCode = 1;
      }
    });
}

/** `kelvin models info` */
export function infoCommand(): Command {
  return new Command('info')
    .description('what a model is, wants and gives')
    .argument('[model]', 'a model folder; the embedded story model if absent')
    .addOption(dtypeOption())
    .option('--json', 'one JSON object')
    .action(async (name: string | undefined, { json, dtype }: JsonFlag & ModelFlags) => {
      const { loadModel } = await import('../../generation/load-model.ts');
      const model = await loadModel(name, { dtype });
      try {
        await write(json ? jsonLine(model.info) : described(model.info));
      } finally {
        await model.dispose();
      }
    });
}

function listed({ name, path, config, files }: ModelFolder) {
  const formats = files.map(({ dtype, bytes }) => ({ dtype, bytes }));
  return { name, architecture: config.model_type, formats, path };
}

function listing(models: readonly ReturnType<typeof listed>[]): string {
  const rows = models.map(({ name, architecture = '', formats, path }) => [
    name,
    architecture,
    formats.map(({ dtype, bytes }) => `${dtype} ${megabytes(bytes)}`).join(', '),
    path,
  ]);
  return table([['NAME', 'ARCHITECTURE', 'FORMATS', 'FOLDER'], ...rows]);
}

function described(info: ModelInfo): string {
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
    ['unsupported', unhonoured(info).join(', ') || 'nothing of that'],
    ['graph', ''],
    ['  head', info.graph.head],
    ['  cache', info.graph.cache],
    ['  attention', info.graph.attention],
    ['  weights', info.graph.weights],
    ['  rows', info.graph.rows],
    ['inputs', ''],
    ...tensors(info.inputs),
    ['outputs', ''],
    ...tensors(info.outputs),
  ]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
