import { KelvinError } from '../../sampling/error.ts';
import { reason } from '../reason.ts';
import type { Hub } from './hub.ts';
import { Passing } from './passing.ts';
import { checkAnswer } from './refusal.ts';
import type { Repository } from './repository.ts';

const HOPS = 10;

interface Asking {
  /** With `HEAD`, the first answer that tells of the file itself is the one wanted. */
  readonly method?: 'GET' | 'HEAD';
  /** The first byte wanted; all of it if 0. */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the hub for something of a model, and follows where it sends one on. The token goes to the
 * hub itself and nowhere else.
 *
 * @param path below the endpoint, with a slash in front
 * @throws Passing where another try may help, KelvinError where it does not
 */
export async function request(
  hub: Hub,
  repository: Repository,
  path: string,
  { method = 'GET', from = 0, signal }: Asking = {},
): Promise<Response> {
  const home = new URL(hub.endpoint).origin;
  let url = new URL(hub.endpoint + path);
  for (let hops = 0; hops < HOPS; hops += 1) {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: signal ?? null,
      headers: {
        // Ranges and checksums are of the file, not of what a server packs it into.
        'accept-encoding': 'identity',
        ...(from > 0 && { range: `bytes=${from}-` }),
        ...(hub.token !== undefined &&
          url.origin === home && { authorization: `Bearer ${hub.token}` }),
      },
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new Passing(`${url.origin} cannot be reached: ${innermost(cause)}`, { cause });
    });
    if (method === 'HEAD' && response.headers.has('x-linked-etag')) return response;
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) {
      await checkAnswer(response, url, hub, repository);
      return response;
    }
    await response.body?.cancel();
    const next = new URL(location, url);
    if (next.protocol !== url.protocol && next.protocol !== 'https:')
      throw astray(`${url.origin} sends one on to ${next.protocol}//, which is not safe`);
    url = next;
  }
  throw astray(`${hub.endpoint} sends one on and on`);
}

const astray = (why: string) => new KelvinError('HUB_UNREACHABLE', why);

/** What a failed fetch says of itself is "fetch failed"; the causes below say why. */
export function innermost(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  if (inner instanceof AggregateError) return innermost(inner.errors[0]);
  return inner === undefined ? reason(cause) : innermost(inner);
}
