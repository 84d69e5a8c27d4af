import { httpErrorOf } from './http-error.ts';
import { Gone, type Job } from './job.ts';

const encoder = new TextEncoder();
const event = (data: string) => encoder.encode(`data: ${data}\n\n`);
/** A comment, which clients skip. */
const PING = encoder.encode(': ping\n\n');

/**
 * A stream of server-sent events, one for each object, then `[DONE]`; after a failure an event that
 * tells it. For undefined it says that it is still there. Nothing is made before the reader asks, so a slow one holds nobody up but itself.
 *
 * @param job is ended where the reader goes away; where it ends before its time, so does the
 *   stream, whether its reader reads or not
 * @param ended is called once, with what ended it before its time
 */
export function events(
  objects: AsyncGenerator<object | undefined, void>,
  job: Job,
  ended: (cause?: unknown) => void,
): Response {
  const { signal } = job;
  let isOver = false;
  let end = (_: unknown) => {};
  const abort = () => end(signal.reason);
  const leave = async (cause: unknown) => {
    isOver = true;
    signal.removeEventListener('abort', abort);
    job.end(cause instanceof Error ? cause : new Gone());
    // What was under way ends with the same cause, which nobody needs to hear twice.
    await objects.return().catch(() => {});
    ended(cause);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        end = (cause) => {
          if (isOver) return;
          if (!(cause instanceof Gone))
            controller.enqueue(event(JSON.stringify(httpErrorOf(cause).body)));
          controller.close();
          void leave(cause);
        };
        signal.addEventListener('abort', abort);
        if (signal.aborted) abort();
      },
      async pull(controller) {
        try {
          const { done, value } = await objects.next();
          if (isOver) return;
          if (!done) return controller.enqueue(value ? event(JSON.stringify(value)) : PING);
          controller.enqueue(event('[DONE]'));
          isOver = true;
          signal.removeEventListener('abort', abort);
          controller.close();
          ended();
        } catch (cause) {
          end(cause);
        }
      },
      cancel: () => leave(new Gone()),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
