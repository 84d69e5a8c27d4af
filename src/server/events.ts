import { httpErrorOf } from './http-error.ts';
import { Gone } from './job.ts';

const encoder = new TextEncoder();
const event = (data: string) => encoder.encode(`data: ${data}\n\n`);

/**
 * A stream of server-sent events, one for each object, then `[DONE]`; after a failure an event that
 * tells it. Nothing is made before the reader asks, so a slow one holds nobody up but itself.
 *
 * @param leave is called where the reader goes away before the end
 * @param ended is called once, with what ended it before its time
 */
export function events(
  objects: AsyncIterator<object, void>,
  { leave, ended }: { leave(): void; ended(cause?: unknown): void },
): Response {
  let isOver = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await objects.next();
          if (isOver) return;
          controller.enqueue(event(done ? '[DONE]' : JSON.stringify(value)));
          if (!done) return;
          controller.close();
          ended();
        } catch (cause) {
          if (isOver) return;
          if (!(cause instanceof Gone))
            controller.enqueue(event(JSON.stringify(httpErrorOf(cause).body)));
          controller.close();
          ended(cause);
        }
      },
      async cancel() {
        isOver = true;
        leave();
        // What was under way ends with the reason it was left for, which nobody needs to hear.
        await objects.return?.().catch(() => {});
        ended(new Gone());
      },
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
