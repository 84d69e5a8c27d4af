import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';

/** Where an engine answers. */
export interface Address {
  /** What its own routes are below. */
  readonly root: string;
  /** What OpenAI's routes are below. */
  readonly base: string;
  /** The model that is meant; undefined for the only one. */
  readonly model: string | undefined;
}

/** Whether a model's name is the address of an engine. */
export const isAddress = (name: string | undefined): name is string =>
  name !== undefined && /^https?:\/\//i.test(name);

/**
 * Reads `http://host:port/v1#model`.
 *
 * @throws KelvinError `INVALID_OPTION`
 */
export function readAddress(name: string): Address {
  const url = URL.canParse(name) ? new URL(name) : undefined;
  const model = url && decoded(url.hash.slice(1));
  // Names are shown and written to files, and keys must not be.
  if (!url || model === undefined || `${url.username}${url.password}${url.search}` !== '')
    throw new KelvinError(
      'INVALID_OPTION',
      `model must be an address as in http://host:port/v1#name, without a key or a query in it, got ${show(url ? `${url.origin}${url.pathname}` : name)}`,
    );
  const path = url.pathname.replace(/\/+$/, '');
  const root = url.origin + path.replace(/\/v1$/, '');
  return {
    root,
    base: path === '' ? `${root}/v1` : url.origin + path,
    model: model === '' ? undefined : model,
  };
}

/** undefined where a % is not followed by what it stands for. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
