import { KelvinError } from '../../sampling/error.ts';
import type { Hub } from './hub.ts';
import { online } from './line.ts';
import type { ListedFile } from './listing.ts';
import { type Patience, persistently } from './passing.ts';
import type { Repository } from './repository.ts';
import { request } from './request.ts';

/** A file on a hub, with what it takes to check it. */
export interface RemoteFile {
  readonly path: string;
  readonly bytes: number;
  readonly hash: string;
}

const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Where the files of a commit are, below the endpoint. */
export function addressOf({ id }: Repository, commit: string, path: string): string {
  return `/${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * Asks for size and hash of a file where the listing did not tell them: mirrors of the hub often
 * list names alone.
 *
 * @throws KelvinError `HUB_UNREACHABLE` where the hub does not tell them at all; as
 *   {@link request} else
 */
export async function measured(
  hub: Hub,
  repository: Repository,
  commit: string,
  { path, bytes, hash }: ListedFile,
  patience: Patience,
): Promise<RemoteFile> {
  if (bytes !== undefined && hash !== undefined && HASH.test(hash)) return { path, bytes, hash };
  const address = addressOf(repository, commit, path);
  const { headers } = await persistently(
    () =>
      online(patience.signal, (line) =>
        request(hub, repository, address, { method: 'HEAD', signal: line }),
      ),
    patience,
  );
  const tag = headers.get('x-linked-etag') ?? headers.get('etag') ?? '';
  const told = /^(?:W\/)?"?([^"]*)"?$/.exec(tag)?.[1] ?? '';
  const size = headers.get('x-linked-size') ?? headers.get('content-length') ?? '';
  if (HASH.test(told) && /^\d+$/.test(size)) return { path, bytes: Number(size), hash: told };
  throw new KelvinError(
    'HUB_UNREACHABLE',
    `${repository.id}: ${hub.endpoint} does not tell size and hash of ${path}, so it could not be checked`,
  );
}
