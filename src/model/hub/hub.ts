import { homedir } from 'node:os';
import { join } from 'node:path';
import { KelvinError } from '../../sampling/error.ts';

/** Where models come from and where they are kept, as the environment says. */
export interface Hub {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Whether nothing may be asked of the network. */
  readonly offline: boolean;
  /** The folder of the standard hub cache. */
  readonly cache: string;
}

const TRUE = ['1', 'ON', 'YES', 'TRUE'];

/**
 * Reads `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`, and where the cache is: `HF_HUB_CACHE`,
 * `HUGGINGFACE_HUB_CACHE`, below `HF_HOME` or `XDG_CACHE_HOME`, else below `~/.cache`, as
 * huggingface_hub does. Set to nothing is not set.
 *
 * @throws KelvinError `INVALID_ARGUMENT` for an endpoint that is no http(s) address, and a token that
 *   cannot be one
 */
export function readHub(env: NodeJS.ProcessEnv = process.env): Hub {
  const endpoint = env.HF_ENDPOINT || 'https://huggingface.co';
  if (!/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ''))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `HF_ENDPOINT must be an http or https address, got ${JSON.stringify(endpoint)}`,
    );
  const token = env.HF_TOKEN?.trim() || undefined;
  // What a token is, is nobody's business: it is not shown.
  if (token !== undefined && !/^[!-~]+$/.test(token))
    throw new KelvinError('INVALID_ARGUMENT', 'HF_TOKEN must be one word of ASCII characters');
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    token,
    offline: TRUE.includes((env.HF_HUB_OFFLINE ?? '').toUpperCase()),
    cache: cacheFolder(env),
  };
}

/** The folder of the standard hub cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE;
  if (named) return named;
  const caches = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(env.HF_HOME || join(caches, 'huggingface'), 'hub');
}
