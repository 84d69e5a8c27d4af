import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { Model } from '../generation/model.ts';
import { Engine } from './engine.ts';
import { checkHost, keyCheck } from './guards.ts';
import { HttpError } from './http-error.ts';
import { Jobs } from './jobs.ts';
import { Metrics } from './metrics.ts';
import { routes } from './routes.ts';
import { parseServerOptions, type ServerOptions } from './server-options.ts';
import { Slots } from './slots.ts';
import { type Env, GONE, Visit } from './visit.ts';

/** A model behind OpenAI's HTTP interface. */
export interface Server {
  /** Answers a request: for any host that speaks fetch, or a route of your own app. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Whether requests must bear a key. */
  readonly hasKey: boolean;
  /**
   * Takes no more requests and waits for those that are under way.
   *
   * @param graceMs after so many milliseconds the rest is ended
   */
  drain(graceMs: number): Promise<void>;
}

/**
 * Puts OpenAI's HTTP interface in front of a model: `/v1/chat/completions`, `/v1/completions`,
 * `/v1/models`, `/tokenize`, `/detokenize`, `/health` and `/metrics`. Every sampling option is a
 * field of a request, in snake_case; what is not known or not supported is refused by name.
 *
 * Without a key only requests to this machine's own names are answered; see
 * {@link ServerOptions.hosts}.
 *
 * @param model a loaded model, or one on its way: 503 is answered until it is there
 * @throws KelvinError `UNKNOWN_OPTION`, `INVALID_OPTION`
 * @example
 * import { loadModel } from 'kelvin';
 * import { createServer } from 'kelvin/server';
 * const model = await loadModel();
 * const app = createServer(model);
 * const body = JSON.stringify({ prompt: 'Once upon a time', max_tokens: 4, top_k: 1 });
 * const headers = { 'content-type': 'application/json' };
 * const url = 'http://localhost/v1/completions';
 * const answer = await app.fetch(new Request(url, { method: 'POST', headers, body }));
 * const { choices, usage } = await answer.json();
 * choices[0].text; // => ', there was a'
 * usage.completion_tokens; // => 4
 * await model.dispose();
 */
export function createServer(model: Model | Promise<Model>, options: ServerOptions = {}): Server {
  const effective = parseServerOptions(options);
  const { keys, origins, parallel, queue, ping, log } = effective;
  const engine = new Engine(model);
  const slots = new Slots(parallel, queue);
  const jobs = new Jobs(effective);
  const means = { slots, jobs, metrics: new Metrics(slots), pingMs: ping * 1000 };
  const checkKey = keyCheck(keys);

  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const visit = new Visit(c.req.method, routeOf(c.req.path), means.metrics, log);
    c.set('visit', visit);
    await next();
    c.res.headers.set('x-request-id', visit.id);
    if (!visit.isStreaming) visit.close(c.res.status);
  });
  app.use(async (c, next) => {
    checkHost(c.req.header('host') ?? new URL(c.req.url).host, effective);
    await next();
  });
  if (origins.length > 0)
    app.use(
      cors({
        origin: [...origins],
        allowMethods: ['GET', 'POST'],
        exposeHeaders: ['x-request-id', 'retry-after'],
      }),
    );
  app.use(async (c, next) => {
    if (c.req.path !== '/health') checkKey(c.req.header('authorization'));
    await next();
  });
  routes(app, engine, means, effective);
  app.notFound((c) => notFound(c).toResponse());
  app.onError((cause, c) => {
    const error = c.get('visit').fail(cause);
    // Nobody reads it where the client has gone, but the metrics tell of it.
    return error?.toResponse() ?? new Response(null, { status: GONE });
  });
  return {
    fetch: async (request) => app.fetch(request),
    hasKey: keys.length > 0,
    async drain(graceMs) {
      engine.drain();
      await means.jobs.drain(graceMs);
    },
  };
}

const METHODS: Readonly<Record<string, string>> = {
  '/health': 'GET',
  '/metrics': 'GET',
  '/v1/models': 'GET',
  '/v1/completions': 'POST',
  '/v1/chat/completions': 'POST',
  '/tokenize': 'POST',
  '/detokenize': 'POST',
};

/** A route's name in metrics: as many as there are routes, whatever is asked for. */
function routeOf(path: string): string {
  if (Object.hasOwn(METHODS, path)) return path;
  return path.startsWith('/v1/models/') ? '/v1/models/:id' : 'other';
}

function notFound(c: Context): HttpError {
  const { path, method } = c.req;
  const allow = Object.hasOwn(METHODS, path) ? METHODS[path] : undefined;
  if (allow)
    return new HttpError(405, 'invalid_request_error', `${path} must be asked with ${allow}`, {
      code: 'method_not_allowed',
      headers: { allow },
    });
  return new HttpError(404, 'not_found_error', `there is no ${method} ${path.slice(0, 100)}`, {
    code: 'not_found',
  });
}
