import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

interface Order {
  readonly task: string;
  readonly args: readonly unknown[];
}
type Reply = { readonly value: unknown } | { readonly error: string };

type Task = (...args: never[]) => unknown;

/** Another process that does what it is asked, one task at a time. */
export class Asked<Tasks extends { readonly [name in keyof Tasks]: Task }> {
  readonly #process: ChildProcess;

  /** @param process one that runs `serve` */
  constructor(process: ChildProcess) {
    this.#process = process;
  }

  async ask<Name extends keyof Tasks & string>(
    task: Name,
    ...args: Parameters<Tasks[Name]>
  ): Promise<Awaited<ReturnType<Tasks[Name]>>> {
    this.#process.send({ task, args } satisfies Order);
    return (await this.reply()) as Awaited<ReturnType<Tasks[Name]>>;
  }

  async reply(): Promise<unknown> {
    const ended = new AbortController();
    try {
      const [message] = await Promise.race([
        once(this.#process, 'message', ended) as Promise<[Reply]>,
        once(this.#process, 'exit', ended).then(([code, signal]): [Reply] => [
          { error: `ended with ${code ?? signal}` },
        ]),
      ]);
      if ('error' in message) throw new Error(message.error);
      return message.value;
    } finally {
      ended.abort();
    }
  }
}

/** In that process: tells that it is there, and does what is asked for. */
export function serve(tasks: object): void {
  const reply = (message: Reply) => process.send!(message);
  process.on('message', async ({ task, args }: Order) => {
    try {
      const work = (tasks as Record<string, (...args: readonly unknown[]) => unknown>)[task]!;
      reply({ value: await work(...args) });
    } catch (error) {
      reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  reply({ value: 'ready' });
}
