import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HttpError } from './http-error.ts';
import { Gone } from './job.ts';

/** Reads no more of a body than so many bytes, and answers 413 where there are more. */
export function limitBody(maxSize: number): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      const message = `the body must be at most ${maxSize} bytes`;
      throw new HttpError(413, 'invalid_request_error', message, { code: 'body_too_large' });
    },
  });
  return async (c, next) => {
    let isRead = false;
    try {
      return await limit(c, () => {
        isRead = true;
        return next();
      });
    } catch (cause) {
      // The connection broke off in the middle of it.
      throw isRead || cause instanceof HttpError ? cause : new Gone();
    }
  };
}
