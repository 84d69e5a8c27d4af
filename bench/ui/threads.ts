import { readdirSync, readFileSync } from 'node:fs';

/** What the threads of this process have done so far. */
export interface Threads {
  /** Milliseconds the main thread was running, and all of them. */
  readonly main: number;
  readonly all: number;
  /** How often one of them went to sleep, having been woken. */
  readonly wakeups: number;
}

/** From Linux's /proc, which counts in nanoseconds. */
export function threads(): Threads {
  const of = (thread: string, file: string) =>
    readFileSync(`/proc/self/task/${thread}/${file}`, 'utf8');
  const running = (thread: string) => Number(of(thread, 'schedstat').split(' ')[0]) / 1e6;
  const all = readdirSync('/proc/self/task');
  const sum = (what: (thread: string) => number) =>
    all.reduce((total, thread) => total + what(thread), 0);
  return {
    main: running(String(process.pid)),
    all: sum(running),
    wakeups: sum((thread) =>
      Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(of(thread, 'status'))?.[1]),
    ),
  };
}
