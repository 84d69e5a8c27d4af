import { badRequest, HttpError } from './http-error.ts';
import { Gone } from './job.ts';

/**
 * The JSON of a request.
 *
 * @param most bytes that are read
 * @throws HttpError 415 for another content type, 413 for more bytes, 400 for what is no JSON in UTF-8
 */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new HttpError(415, 'invalid_request_error', 'content-type must be application/json', {
      code: 'unsupported_media_type',
    });
  const bytes = await readBody(request, most);
  const invalid = (what: string) =>
    badRequest(`the body must be JSON in UTF-8, got ${what}`, undefined, 'invalid_json');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('other bytes');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(text === '' ? 'nothing' : 'something else');
  }
}

// Counted as it comes: not every body says beforehand how long it is, and none is trusted.
async function readBody({ body, headers }: Request, most: number): Promise<Uint8Array> {
  const check = (size: number) => {
    if (size <= most) return;
    throw new HttpError(413, 'invalid_request_error', `the body must be at most ${most} bytes`, {
      code: 'body_too_large',
    });
  };
  check(Number(headers.get('content-length') ?? 0));
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Not by for await: leaving that cancels the stream, and with it the socket of the answer.
  const reader = body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch(() => {
      // The connection broke off in the middle of it.
      throw new Gone();
    });
    if (done) break;
    size += value.length;
    check(size);
    pieces.push(value);
  }
  return Buffer.concat(pieces);
}
