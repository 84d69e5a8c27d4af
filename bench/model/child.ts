import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ContenderName } from './contenders/index.ts';
import type { Cost } from './cost.ts';
import type { Model } from './models.ts';
import type { Tasks } from './tasks.ts';

export type Order =
  | { readonly task: 'open'; readonly model: Model; readonly threads: number }
  | { readonly task: keyof Tasks; readonly args: number[] };
export type Reply = { readonly value: unknown } | { readonly error: string };

/**
 * A contender in a process of its own: their native libraries do not go together, and peaks of
 * memory are a process's.
 */
export class Child {
  readonly name: ContenderName;
  readonly opened: Cost;
  readonly #process: ChildProcess;

  private constructor(name: ContenderName, process: ChildProcess, opened: Cost) {
    this.name = name;
    this.#process = process;
    this.opened = opened;
  }

  static async open(name: ContenderName, model: Model, threads: number): Promise<Child> {
    const process = fork(fileURLToPath(new URL('./serve.ts', import.meta.url)), [name], {
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    await reply(name, process);
    process.send({ task: 'open', model, threads } satisfies Order);
    return new Child(name, process, (await reply(name, process)) as Cost);
  }

  ask<T extends keyof Tasks>(task: T, ...args: Parameters<Tasks[T]>): ReturnType<Tasks[T]> {
    this.#process.send({ task, args } satisfies Order);
    return reply(this.name, this.#process) as ReturnType<Tasks[T]>;
  }

  async close(): Promise<void> {
    // Native threads need not be waited for: nothing of theirs is to be kept.
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

async function reply(name: string, process: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  try {
    const [message] = await Promise.race([
      once(process, 'message', ended) as Promise<[Reply]>,
      once(process, 'exit', ended).then(([code, signal]): [Reply] => [
        { error: `ended with ${code ?? signal}` },
      ]),
    ]);
    if ('error' in message) throw new Error(`${name}: ${message.error}`);
    return message.value;
  } finally {
    ended.abort();
  }
}
