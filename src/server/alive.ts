/**
 * Objects as they come, and undefined each time that none has come for so long: something to tell a
 * reader by that it has not been forgotten. It is told only to one who is waiting.
 *
 * @param ms of silence; 0 for never
 */
export async function* alive<T>(
  objects: AsyncGenerator<T, void>,
  ms: number,
): AsyncGenerator<T | undefined, void> {
  if (ms === 0) return yield* objects;
  try {
    for (;;) {
      const next = objects.next();
      // Whoever leaves while it is under way does not hear how it ended.
      next.catch(() => {});
      while (!(await hasSettled(next, ms))) yield undefined;
      const { done, value } = await next;
      if (done) return;
      yield value;
    }
  } finally {
    await objects.return();
  }
}

/** @returns false where it has not after so many milliseconds */
async function hasSettled(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
