import { setTimeout as sleep } from 'node:timers/promises';
import { KelvinError } from '../../sampling/error.ts';

/** What may go well another time: a broken line, a hub that is busy. */
export class Passing extends Error {
  override readonly name = 'Passing';
  /** Whether it came further than the time before. */
  readonly progressed: boolean;
  /** Seconds the hub asks to wait. */
  readonly after: number;

  constructor(message: string, { progressed = false, after = 0, ...options }: Reasons = {}) {
    super(message, options);
    this.progressed = progressed;
    this.after = after;
  }
}

interface Reasons extends ErrorOptions {
  readonly progressed?: boolean;
  readonly after?: number;
}

const TRIES = 5;
const LONGEST_WAIT_S = 60;

export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** The first wait, in milliseconds; each is twice as long as the one before. Default 500. */
  readonly pause?: number | undefined;
  /** Told before each wait. */
  readonly retrying?: ((why: string) => void) | undefined;
}

/**
 * Does what may have to be tried again: five times without coming further, ever less soon.
 *
 * @throws KelvinError `HUB_UNREACHABLE` after the last try; at once where the hub asks for a wait
 *   of more than a minute
 */
export async function persistently<T>(
  work: () => Promise<T>,
  { signal, pause = 500, retrying }: Patience,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof Passing)) throw cause;
      if (cause.progressed) tries = 1;
      if (tries === TRIES || cause.after > LONGEST_WAIT_S)
        throw new KelvinError('HUB_UNREACHABLE', cause.message, { cause });
      retrying?.(cause.message);
      const wait = Math.max(pause * 2 ** (tries - 1), 1000 * cause.after);
      await sleep(wait, undefined, { signal });
    }
  }
}
