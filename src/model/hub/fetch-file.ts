import { KelvinError } from '../../sampling/error.ts';
import type { Hub } from './hub.ts';
import { online } from './line.ts';
import type { Part } from './part.ts';
import { Passing, type Patience, persistently } from './passing.ts';
import { addressOf, type RemoteFile } from './remote-file.ts';
import type { Repository } from './repository.ts';
import { innermost, request } from './request.ts';

export interface Fetching extends Patience {
  /** Told of the bytes as they come. */
  readonly came?: ((bytes: number) => void) | undefined;
}

/**
 * Fetches what is missing of a file, and checks all of it.
 *
 * @param commit the one whose file it is: a branch may move on meanwhile
 * @throws KelvinError `MODEL_FILE` for what is not what the hub said it would be, after it was
 *   thrown away; as {@link request} else
 */
export async function fetchFile(
  hub: Hub,
  repository: Repository,
  commit: string,
  file: RemoteFile,
  part: Part,
  fetching: Fetching,
): Promise<void> {
  const url = addressOf(repository, commit, file.path);
  let isResumed = part.bytes > 0;
  for (;;) {
    await persistently(async () => {
      if (!part.isWhole) await goOn(hub, repository, url, file, part, fetching);
    }, fetching);
    if (part.isSound()) return;
    fetching.came?.(-part.bytes);
    await part.restart();
    // A machine that went down may have left a part that was never quite written.
    if (!isResumed) break;
    isResumed = false;
  }
  throw new KelvinError(
    'MODEL_FILE',
    `${repository.id}: ${file.path} came with another checksum than the hub says it has (${file.hash}), and was thrown away; try again`,
  );
}

async function goOn(
  hub: Hub,
  repository: Repository,
  url: string,
  file: RemoteFile,
  part: Part,
  { signal, came }: Fetching,
): Promise<void> {
  const start = part.bytes;
  const broken = (why: string, cause?: unknown) => {
    const progressed = part.bytes > start;
    return new Passing(`${repository.id}: ${file.path} broke off: ${why}`, { progressed, cause });
  };
  await online(signal, async (line, heard) => {
    const response = await request(hub, repository, url, { from: start, signal: line });
    if (!resumes(response, start)) {
      came?.(-part.bytes);
      await part.restart();
    }
    const chunks = response.body?.[Symbol.asyncIterator]();
    while (part.bytes < file.bytes) {
      const next = await chunks?.next().catch((cause: unknown) => {
        throw broken(innermost(cause), cause);
      });
      if (!next || next.done) throw broken(`${part.bytes} of ${file.bytes} bytes came`);
      heard();
      await part.append(next.value);
      came?.(next.value.length);
    }
  });
}

/** Whether an answer goes on behind the bytes that are there. */
function resumes(response: Response, start: number): boolean {
  if (start === 0) return true;
  const range = response.headers.get('content-range') ?? '';
  return response.status === 206 && range.startsWith(`bytes ${start}-`);
}
