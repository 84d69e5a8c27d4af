import { HttpError } from './http-error.ts';

/** The client is not there any more: nobody is left to tell. */
export class Gone extends Error {
  override readonly name = 'Gone';

  constructor() {
    super('the client has gone');
  }
}

/** One request as long as it is worked on: what may end it before its time. */
export class Job {
  readonly started = performance.now();
  readonly #abort = new AbortController();
  readonly #client: AbortSignal;
  readonly #deadline: NodeJS.Timeout;
  #patience: NodeJS.Timeout | undefined;
  readonly #leave = () => this.end(new Gone());
  readonly #done: () => void;

  /**
   * @param client aborts when the client has gone
   * @param deadlineMs the most time the request may take
   * @param queueMs the most time it may wait for its turn
   * @param done is called once, as the work ends
   */
  constructor(
    client: AbortSignal,
    { deadlineMs, queueMs }: { readonly deadlineMs: number; readonly queueMs: number },
    done: () => void,
  ) {
    this.#client = client;
    this.#done = done;
    this.#deadline = setTimeout(() => this.end(tooLate('the request', deadlineMs)), deadlineMs);
    this.#patience = setTimeout(() => this.end(tooLate('its turn', queueMs)), queueMs);
    client.addEventListener('abort', this.#leave);
    if (client.aborted) this.#leave();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Its turn has come. */
  begin(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  /** Ends what is being done for it. */
  end(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Nothing is left to do for it. */
  close(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#patience);
    this.#client.removeEventListener('abort', this.#leave);
    this.#done();
  }
}

// Asking again at once would only make it worse.
const tooLate = (what: string, ms: number) =>
  new HttpError(504, 'timeout_error', `${what} did not come to its end in ${ms / 1000} s`, {
    code: 'deadline_exceeded',
    headers: { 'x-should-retry': 'false' },
  });
