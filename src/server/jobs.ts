import { unavailable } from './http-error.ts';
import { Job } from './job.ts';

interface Limits {
  readonly deadline: number;
  readonly patience: number;
}

/** The requests that are being worked on. */
export class Jobs {
  readonly #limits: Limits;
  readonly #open = new Set<Job>();
  #empty = () => {};

  /** @param limits in seconds */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @param closed is called as nothing is left to do */
  open(client: AbortSignal, closed: () => void): Job {
    const { deadline, patience } = this.#limits;
    const times = { deadlineMs: deadline * 1000, queueMs: patience * 1000 };
    const job = new Job(client, times, () => {
      closed();
      this.#open.delete(job);
      if (this.#open.size === 0) this.#empty();
    });
    this.#open.add(job);
    return job;
  }

  /** Waits until all have ended, and ends those that are left after so many milliseconds. */
  async drain(graceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const timer = setTimeout(() => {
      for (const job of this.#open) job.end(unavailable('the server is going away', 'draining'));
    }, graceMs);
    await new Promise<void>((resolve) => {
      this.#empty = resolve;
    });
    clearTimeout(timer);
  }
}
