import { Command } from 'commander';
import { unhonoured } from '../../generation/model-defaults.ts';
import type { ModelFolder } from '../../model/folder.ts';
import type { EngineInfo, ModelInfo } from '../../model/info.ts';
import { reason } from '../../model/reason.ts';
import { jsonLine } from '../json-line.ts';
import { dtypeOption, type ModelFlags } from '../model-flags.ts';
import type { PullFlags } from '../run-pull.ts';
import { complain, write } from '../streams.ts';
import { table } from '../table.ts';

const PULL_HELP = `
Prints the model's folder. What was interrupted is gone on from, what is here
is not fetched again. Afterwards --model ORG/NAME needs no network.

Environment:
  HF_TOKEN        for private and gated models; goes to the hub alone
  HF_ENDPOINT     another hub, https://huggingface.co if absent
  HF_HUB_OFFLINE  1: nothing is fetched
  HF_HUB_CACHE    the cache; else hub in HF_HOME, else huggingface/hub in
                  XDG_CACHE_HOME or ~/.cache
`;

interface JsonFlag {
  readonly json?: boolean;
}

/** `kelvin models list` */
export function listCommand(): Command {
  return new Command('list')
    .description('the models that came with kelvin or were pulled, or those inside a folder')
    .argument('[folder]', 'a folder of model folders')
    .option('--json', 'one JSON object per model')
    .action(async (root: string | undefined, { json }: JsonFlag) => {
      const { listModelFolders, readModelFolder } = await import('../../model/folder.ts');
      const { listSnapshots } = await import('../../model/hub/cache.ts');
      const pulled = root === undefined ? await listSnapshots() : [];
      const reads = await Promise.allSettled([
        ...(await listModelFolders(root)).map((path) => readModelFolder(path)),
        ...pulled.map(async ({ name, path }) => ({ ...(await readModelFolder(path)), name })),
      ]);
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
    .argument(
      '[model]',
      'a model folder, ORG/NAME if pulled, or an address; the embedded one if absent',
    )
    .addOption(dtypeOption())
    .option('--json', 'one JSON object')
    .action(async (name: string | undefined, { json, dtype }: JsonFlag & ModelFlags) => {
      const { loadModel } = await import('../../generation/load-model.ts');
      const model = await loadModel(name, dtype === undefined ? {} : { dtype });
      try {
        await write(json ? jsonLine(model.info) : described(model.info));
      } finally {
        await model.dispose();
      }
    });
}

/** `kelvin models pull` */
export function pullCommand(): Command {
  return new Command('pull')
    .description('brings a model from the Hugging Face hub into its cache')
    .argument('<model>', 'ORG/NAME, or ORG/NAME@REVISION')
    .option('--revision <name>', 'a branch, a tag or a commit; main if absent')
    .addOption(dtypeOption('weight format; of several the first of this list'))
    .addHelpText('after', PULL_HELP)
    .action(async (name: string, flags: PullFlags) => {
      const { runPull } = await import('../run-pull.ts');
      await runPull(name, flags);
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
  return table([
    ['name', info.name],
    ...(info.engine
      ? engineRows(info.engine)
      : [
          ['architecture', info.architecture ?? 'unknown'],
          ['file', info.file],
          ['format', `${info.dtype}, ${megabytes(info.bytes!)}`],
        ]),
    ['vocabulary', info.engine?.isVocabularyTold === false ? 'unknown' : vocabulary(info)],
    ['context', info.contextLength === undefined ? 'unknown' : `${info.contextLength} tokens`],
    ...(info.engine ? [] : [['layers', String(info.layers ?? 'unknown')]]),
    ['begin token', String(info.beginToken ?? 'none')],
    ['end tokens', info.endTokens.join(', ') || 'none'],
    ...(info.engine ? [['chat template', info.chat ? 'yes' : 'no']] : []),
    ['asks for', JSON.stringify(info.generation)],
    ...(info.graph ? graphRows(info, info.graph) : []),
  ]);
}

const engineRows = ({
  kind,
  url,
  sampledBy,
  candidates,
  mostCandidates,
}: EngineInfo): string[][] => [
  ['engine', kind],
  ['address', url],
  ['sampled by', sampledBy],
  ['candidates', `${candidates} of at most ${mostCandidates}`],
];

function graphRows(info: ModelInfo, graph: NonNullable<ModelInfo['graph']>): string[][] {
  const tensors = (list: ModelInfo['inputs']) =>
    list.map(({ name, type, shape }) => [`  ${name}`, `${type} [${shape.join(', ')}]`]);
  return [
    ['unsupported', unhonoured(info).join(', ') || 'nothing of that'],
    ['graph', ''],
    ['  head', graph.head],
    ['  cache', graph.cache],
    ['  attention', graph.attention],
    ['  weights', graph.weights],
    ['  rows', graph.rows],
    ['inputs', ''],
    ...tensors(info.inputs),
    ['outputs', ''],
    ...tensors(info.outputs),
  ];
}

function vocabulary({ vocabularySize, unusedIds }: ModelInfo): string {
  const unused = unusedIds.reduce((sum, [from, to]) => sum + to - from, 0);
  const whole = `${vocabularySize - unused} tokens`;
  return unused === 0
    ? whole
    : `${whole} of ${vocabularySize} ids; those without a token are never drawn`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
