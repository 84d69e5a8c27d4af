import { KelvinError } from '../../sampling/error.ts';
import type { Hub } from './hub.ts';
import { Passing } from './passing.ts';
import type { Repository } from './repository.ts';

/**
 * Refuses an answer that is not what was asked for, with what can be done about it.
 *
 * @param url what was asked: the hub, or a storage it sends one on to
 * @throws KelvinError `MODEL_NOT_FOUND`, `HUB_ACCESS` or `HUB_UNREACHABLE`; Passing where another
 *   try may help
 */
export async function checkAnswer(
  response: Response,
  url: URL,
  hub: Hub,
  { id, revision }: Repository,
): Promise<void> {
  const { status, headers } = response;
  if (status === 200 || status === 206) return;
  await response.body?.cancel();
  const why = headers.get('x-error-code');
  const page = `${hub.endpoint}/${id}`;
  const refuse = (code: 'MODEL_NOT_FOUND' | 'HUB_ACCESS' | 'HUB_UNREACHABLE', text: string) =>
    new KelvinError(code, `${id}: ${text}`);

  // A storage refuses addresses that are too old; the hub gives new ones.
  if (url.origin !== new URL(hub.endpoint).origin && status < 500)
    throw new Passing(`${id}: ${url.origin}, where its files are, answers ${status}`);
  if (status === 403 || why === 'GatedRepo')
    throw refuse(
      'HUB_ACCESS',
      `the hub gives it only to whom it knows (${status}): ask for access at ${page}, then set HF_TOKEN to a token of yours that may read it`,
    );
  if (status === 401)
    throw refuse(
      'HUB_ACCESS',
      hub.token === undefined
        ? 'no such model, or a private one (401): check its name, or set HF_TOKEN to a token that may read it'
        : 'no such model, or one that the token in HF_TOKEN may not read, or the token is not valid (401)',
    );
  if (status === 404)
    throw refuse(
      'MODEL_NOT_FOUND',
      why === 'RevisionNotFound'
        ? `no such revision: ${revision}`
        : `no such model or revision at ${page} (404); check the name, and ${revision}`,
    );
  if (status === 416) throw new Passing(`${hub.endpoint} has less of the file than it said`);
  if (status === 408 || status === 429 || status >= 500) {
    const after = Number(headers.get('retry-after')) || 0;
    const advice =
      status === 429
        ? `it is asked too often${hub.token === undefined ? '; HF_TOKEN raises the limit' : ''}`
        : 'try again later';
    const wait = after > 0 ? `, in ${after} s` : '';
    throw new Passing(`${id}: the hub answers ${status}: ${advice}${wait}`, { after });
  }
  throw refuse('HUB_UNREACHABLE', `the hub answers ${status}, which kelvin does not understand`);
}
