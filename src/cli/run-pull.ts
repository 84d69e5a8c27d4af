import { readHub } from '../model/hub/hub.ts';
import { type Plan, pull } from '../model/hub/pull.ts';
import { nameOf, type Repository, readRepository } from '../model/hub/repository.ts';
import type { Dtype } from '../model/onnx-file.ts';
import { bytesText } from './bytes-text.ts';
import { interruptible } from './interrupt.ts';
import { PullProgress } from './pull-progress.ts';
import { say, write } from './streams.ts';
import { UsageError } from './usage-error.ts';

export interface PullFlags {
  readonly revision?: string;
  readonly dtype?: Dtype;
}

/** Brings a model into the hub cache; its folder goes to stdout, how it goes to stderr. */
export async function runPull(name: string, { revision, dtype }: PullFlags): Promise<void> {
  const repository = repositoryOf(name, revision);
  const hub = readHub();
  let progress: PullProgress | undefined;
  await interruptible(async (signal) => {
    try {
      const path = await pull(repository, hub, {
        signal,
        dtype,
        planned(plan) {
          say(planText(repository, plan));
          progress = new PullProgress(plan.bytes);
        },
        had: (bytes) => progress?.had(bytes),
        came: (bytes) => progress?.came(bytes),
        retrying(why) {
          progress?.clear();
          say(`${why}; trying again\n`);
        },
      });
      progress?.clear();
      say(progress?.summary() ?? '');
      await write(`${path}\n`);
    } catch (error) {
      progress?.clear();
      if (!signal.aborted) throw error;
      say('interrupted; the same command goes on from what is there\n');
    }
  });
}

function repositoryOf(name: string, revision: string | undefined): Repository {
  const repository = readRepository(revision === undefined ? name : `${name}@${revision}`);
  if (repository) return repository;
  const given = revision === undefined ? '' : ` with --revision ${JSON.stringify(revision)}`;
  throw new UsageError(
    `a model to pull is named ORG/NAME or ORG/NAME@REVISION, got ${JSON.stringify(name)}${given}`,
  );
}

function planText(repository: Repository, { commit, dtype, dtypes, bytes }: Plan): string {
  const others = dtypes.length > 1 ? ` of ${dtypes.join(', ')}` : '';
  return `${nameOf(repository)} (${commit.slice(0, 7)}): ${dtype}${others}, ${bytesText(bytes)}\n`;
}
