import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { reason } from '../model/reason.ts';
import { KelvinError } from '../sampling/error.ts';
import { invalidOption } from '../sampling/option.ts';
import type { Server } from './create-server.ts';
import { isLoopback } from './guards.ts';

/** A server that can be reached. */
export interface Listening {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * Takes no more connections, and waits for the requests that are under way.
   *
   * @param graceMs after so many milliseconds the rest is ended; 30 s if absent
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Has a server listen on a port of this machine.
 *
 * @param at `port` 0 is any that is free; `host` is `127.0.0.1` if absent
 * @throws KelvinError `INVALID_OPTION` for a host others can reach, where there is no key;
 *   `INVALID_ARGUMENT` where the operating system refuses, as the port is taken
 * @example
 * import { loadModel } from 'kelvin';
 * import { createServer, listen } from 'kelvin/server';
 * const model = await loadModel();
 * const server = await listen(createServer(model), { port: 0 });
 * (await fetch(`${server.url}/health`)).status; // => 200
 * await server.close();
 * await model.dispose();
 */
export async function listen(
  app: Server,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<Listening> {
  if (!isLoopback(host) && !app.hasKey)
    throw invalidOption('host', 'an address of this machine alone where there is no API key', host);
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
  }) as HttpServer;
  server.listen(port, host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new KelvinError('INVALID_ARGUMENT', `cannot listen: ${reason(cause)}`, { cause });
  });
  const { address, family, port: own } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${own}`,
    async close(graceMs = GRACE_MS) {
      const closed = once(server, 'close');
      server.close();
      await app.drain(graceMs);
      // A connection is idle when its answer has been taken, and a client may keep it.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
      // A reader that does not take the end of its answer must not keep the server.
      const late = setTimeout(() => server.closeAllConnections(), LAST_MS);
      await closed;
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}

const GRACE_MS = 30_000;
const IDLE_MS = 20;
const LAST_MS = 1000;
