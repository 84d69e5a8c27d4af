import { randomUUID } from 'node:crypto';
import { type HttpError, httpErrorOf } from './http-error.ts';
import { Gone } from './job.ts';
import type { Metrics } from './metrics.ts';
import type { Log } from './server-options.ts';

/** A request as the log and the metrics tell of it: when it came, what became of it. */
export class Visit {
  readonly id: string = randomUUID();
  /** A stream goes on after it was answered, and is closed at its end. */
  isStreaming = false;
  readonly #started = performance.now();
  readonly #fields: Record<string, unknown> = {};
  readonly #log: Log | undefined;
  readonly #tell: (fields: { readonly status: number; readonly ms: number }) => void;
  #isOpen = true;

  constructor(method: string, route: string, metrics: Metrics, log: Log | undefined) {
    this.#log = log;
    this.#tell = (fields) => {
      metrics.request(route, fields.status);
      if (fields.status === GONE) metrics.cancelled();
      log?.info({ id: this.id, method, route, ...fields }, 'request');
    };
  }

  /** Says something more about it; never what its text is. */
  note(fields: object): void {
    Object.assign(this.#fields, fields);
  }

  /** What went wrong, as it is answered; undefined where nobody is left to answer to. */
  fail(cause: unknown): HttpError | undefined {
    const error = cause instanceof Gone ? undefined : httpErrorOf(cause);
    // What the request itself brought about is its sender's business.
    if (error?.cause) this.#log?.error({ id: this.id, err: error.cause }, 'failed');
    this.close(error?.status ?? GONE);
    return error;
  }

  close(status: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const ms = Math.round(performance.now() - this.#started);
    this.#tell({ status, ms, ...this.#fields });
  }
}

/** What is known of a request on its way through the routes. */
export interface Env {
  Variables: { visit: Visit };
}

/** What servers call it when the client has gone before there was an answer. */
export const GONE = 499;
