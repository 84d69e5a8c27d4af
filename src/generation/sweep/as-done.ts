import { Inbox } from '../inbox.ts';

/**
 * Does work on items, so many at once, and gives what came of each as soon as it is done. The work
 * does not wait for the reader. Whatever ends it, the reader's leaving or a failure, aborts the
 * work that has begun, and waits until it has ended.
 *
 * @throws what the work threw first
 */
export async function* asDone<Item, Result>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const inbox = new Inbox<Message<Result>>();
  const abort = new AbortController();
  const left = items[Symbol.iterator]();
  const hand = async () => {
    while (!abort.signal.aborted) {
      const { done, value } = left.next();
      if (done) return;
      inbox.put({ result: await work(value, abort.signal) });
    }
  };
  const hands = Array.from({ length: atOnce }, hand);
  const ended = Promise.all(hands).then(
    () => inbox.put('end'),
    (error: unknown) => {
      abort.abort();
      inbox.put({ error });
    },
  );
  try {
    for (;;) {
      const message = await inbox.take();
      if (message === 'end') return;
      if ('error' in message) throw message.error;
      yield message.result;
    }
  } finally {
    abort.abort();
    await Promise.allSettled([ended, ...hands]);
  }
}

type Message<Result> = { readonly result: Result } | { readonly error: unknown } | 'end';
