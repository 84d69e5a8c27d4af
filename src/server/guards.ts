import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpError } from './http-error.ts';

/** Names of this machine, as a Host header holds them. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

/**
 * Checks the Host header, lest a page from elsewhere have its own name point here.
 *
 * @throws HttpError 403
 */
export function checkHost(
  given: string,
  {
    hosts,
    keys,
  }: { readonly hosts: readonly string[] | undefined; readonly keys: readonly string[] },
): void {
  const name = given.replace(/:\d*$/, '').toLowerCase();
  // A page has no key, so where one is needed it does no harm to be reached by any name.
  if (hosts ? hosts.includes(name) : keys.length > 0 || isLoopback(name)) return;
  throw new HttpError(403, 'permission_error', 'this Host is not among those that are allowed', {
    code: 'host_not_allowed',
  });
}

/** A check of the key of a request, in a time that tells nothing of the key. */
export function keyCheck(keys: readonly string[]): (authorization: string | undefined) => void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const digests = keys.map(digest);
  return (authorization = '') => {
    if (digests.length === 0) return;
    const given = digest(/^Bearer +(.+)$/i.exec(authorization)?.[1] ?? '');
    // All of them, as leaving early would tell which.
    const matches = digests.filter((key) => timingSafeEqual(key, given));
    if (matches.length > 0) return;
    throw new HttpError(401, 'authentication_error', 'a valid API key must be given', {
      code: 'invalid_api_key',
      headers: { 'www-authenticate': 'Bearer' },
    });
  };
}
