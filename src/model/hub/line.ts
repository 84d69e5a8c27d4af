import { Passing } from './passing.ts';

const SILENCE_S = 60;

/**
 * Talks to a hub on a line that is cut when the work is aborted, when nothing was heard on it for a
 * minute, and when all was said.
 *
 * @throws the signal's reason where it was aborted; Passing after silence
 */
export async function online<T>(
  signal: AbortSignal | undefined,
  talk: (line: AbortSignal, heard: () => void) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const line = new AbortController();
  const cut = () => line.abort();
  const timer = setTimeout(cut, 1000 * SILENCE_S);
  signal?.addEventListener('abort', cut);
  try {
    return await talk(line.signal, () => timer.refresh());
  } catch (cause) {
    signal?.throwIfAborted();
    if (!line.signal.aborted) throw cause;
    const progressed = cause instanceof Passing && cause.progressed;
    throw new Passing(`nothing came from the hub for ${SILENCE_S} s`, { progressed, cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cut);
    cut();
  }
}
