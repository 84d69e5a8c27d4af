import { z } from 'zod';
import { KelvinError } from '../../sampling/error.ts';
import { reason } from '../reason.ts';
import type { Hub } from './hub.ts';
import { online } from './line.ts';
import { Passing, type Patience, persistently } from './passing.ts';
import { COMMIT, type Repository } from './repository.ts';
import { request } from './request.ts';

/** A file on a hub, as far as its listing tells. */
export interface ListedFile {
  /** Inside its repository, with `/` between folders. */
  readonly path: string;
  readonly bytes: number | undefined;
  /** SHA-256 of a large file, git's SHA-1 of a small one, in hexadecimal. */
  readonly hash: string | undefined;
}

/** What a repository holds at one commit. */
export interface Listing {
  readonly commit: string;
  readonly files: readonly ListedFile[];
}

const bytes = z.number().int().nonnegative();

const Answer = z.object({
  sha: z.string().regex(COMMIT),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: bytes.optional(),
      blobId: z.string().optional(),
      // A large file's blobId and size are those of the pointer that git has in its place.
      lfs: z.object({ size: bytes, sha256: z.string() }).nullish(),
    }),
  ),
});

/**
 * Asks the hub what a repository holds at a revision.
 *
 * @throws KelvinError `MODEL_NOT_FOUND`, `HUB_ACCESS`, `HUB_UNREACHABLE`; `MODEL_FILE` for file
 *   names that would lead out of the model's folder
 */
export async function list(
  hub: Hub,
  repository: Repository,
  patience: Patience = {},
): Promise<Listing> {
  const { id, revision } = repository;
  const path = `/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const { signal } = patience;
  const answer = await persistently(
    () =>
      online(signal, async (line) => {
        const response = await request(hub, repository, path, { signal: line });
        return response.text().catch((cause: unknown) => {
          throw new Passing(`${id}: the hub's answer broke off`, { cause });
        });
      }),
    patience,
  );
  const { sha, siblings } = understood(hub, answer);
  const files = siblings.map(({ rfilename, size, blobId, lfs }) => ({
    path: inside(id, rfilename),
    bytes: lfs?.size ?? size,
    hash: lfs?.sha256 ?? blobId,
  }));
  return { commit: sha, files };
}

function understood({ endpoint }: Hub, answer: string): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(answer));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : reason(cause);
    throw new KelvinError(
      'HUB_UNREACHABLE',
      `${endpoint} does not answer as a model hub does: ${why.replaceAll('\n', ' ')}`,
      { cause },
    );
  }
}

function inside(id: string, path: string): string {
  const parts = path.split('/');
  const leads = parts.some((part) => part === '' || part === '.' || part === '..');
  if (!leads && !/[\\:\0]/.test(path)) return path;
  throw new KelvinError(
    'MODEL_FILE',
    `${id}: the hub names a file ${JSON.stringify(path)}, which leads out of the model's folder`,
  );
}
