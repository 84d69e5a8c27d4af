import { once } from 'node:events';
import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { KelvinError } from '../sampling/index.ts';
import { createServer } from '../server/create-server.ts';
import { listen } from '../server/listen.ts';
import { type ServerOptions, serverOptions } from '../server/server-options.ts';
import { interruptible } from './interrupt.ts';
import { loadOptions, type ModelFlags } from './model-flags.ts';

export interface ServeFlags extends ModelFlags {
  readonly port?: number;
  readonly host?: string;
  readonly apiKey?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly [serverOption: string]: unknown;
}

const DEFAULT_PORT = 8080;

/** Serves a model until a signal comes; then finishes what was begun. */
export async function runServe(flags: ServeFlags): Promise<void> {
  const { pino } = await import('pino');
  const stderr = pino.destination({ dest: 2, sync: true });
  // Who does not read the log must not end the server.
  stderr.on('error', () => {});
  const log = pino({ base: undefined }, stderr);
  const { model: name, port = DEFAULT_PORT, host } = flags;
  let isLoaded = false;
  const loading = loadModel(name, loadOptions(flags)).then((model) => {
    isLoaded = true;
    // A server counts the tokens of its prompts.
    if (model.info.engine?.kind === 'openai')
      throw new KelvinError(
        'MODEL_UNSUPPORTED',
        `${model.info.name} cannot be served: an engine of the kind openai does not tell the tokens of a text`,
      );
    return model;
  });
  const app = createServer(loading, { ...given(flags), log });
  const server = await listen(app, { port, host });
  log.info({ url: server.url }, 'listening');
  await interruptible(async (signal) => {
    const ended = once(signal, 'abort');
    try {
      const model = await Promise.race([loading, ended.then(() => undefined)]);
      if (model) log.info(told(model), 'ready');
    } catch (error) {
      await server.close(0);
      throw error;
    }
    await ended;
    log.info({}, 'draining');
    await server.close();
    // One that is still being loaded ends with the process.
    if (isLoaded) await (await loading).dispose();
    log.info({}, 'ended');
    // Whoever asked a server to end has got what was asked for.
    process.exitCode = 0;
  });
}

const told = ({ info: { name, file, dtype, contextLength, chat } }: Model) => ({
  ...{ model: name, file, dtype, contextLength, chat },
});

function given(flags: ServeFlags): ServerOptions {
  const { apiKey = process.env.KELVIN_API_KEY, allowHost, allowOrigin } = flags;
  const numbers = Object.keys(serverOptions).map((name) => [name, flags[name]]);
  return {
    ...Object.fromEntries(numbers),
    ...(apiKey && { apiKey }),
    ...(allowHost && { hosts: allowHost }),
    ...(allowOrigin && { origins: allowOrigin }),
  };
}
