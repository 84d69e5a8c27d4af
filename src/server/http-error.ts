import { type ErrorCode, KelvinError } from '../sampling/error.ts';
import { samplingOptions } from '../sampling/options.ts';
import { snake } from './snake.ts';

/** What OpenAI's clients call the kind of an error. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'unavailable'
  | 'server_error';

interface Details {
  /** The field of the request that is at fault. */
  readonly param?: string | undefined;
  /** For programs. */
  readonly code?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error as it is answered: status, and the body that OpenAI's clients know. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly type: ErrorType;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, type: ErrorType, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.status = status;
    this.type = type;
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.headers = details.headers ?? {};
  }

  get body() {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }

  toResponse(): Response {
    return Response.json(this.body, { status: this.status, headers: this.headers });
  }
}

/** A request that cannot be answered as it is. */
export const badRequest = (message: string, param?: string, code?: string): HttpError =>
  new HttpError(400, 'invalid_request_error', message, { param, code });

/** Who asks should come back later. */
export const unavailable = (message: string, code: string): HttpError =>
  new HttpError(503, 'unavailable', message, { code, headers: { 'retry-after': '1' } });

// What can only be the request's fault, once a model is loaded.
const REQUEST_CODES: Partial<Record<ErrorCode, string | undefined>> = {
  INVALID_OPTION: 'invalid_value',
  UNKNOWN_OPTION: 'unknown_parameter',
  INVALID_TOKEN: 'invalid_token',
  INVALID_ARGUMENT: 'invalid_value',
  CONTEXT_LENGTH: 'context_length_exceeded',
  CONSTRAINT_FAILED: 'invalid_value',
  MODEL_UNSUPPORTED: 'unsupported_by_model',
  NOT_EXACT: 'not_exact',
};

/** Any error as one that can be answered; what is nobody's business stays out of the message. */
export function httpErrorOf(cause: unknown): HttpError {
  if (cause instanceof HttpError) return cause;
  if (cause instanceof KelvinError) {
    const code = REQUEST_CODES[cause.code];
    const message = fieldMessage(cause.message);
    if (code !== undefined) return badRequest(message, fieldOf(message), code);
    if (cause.code === 'ENGINE_UNREACHABLE' || cause.code === 'ENGINE_FAILED')
      return new HttpError(502, 'server_error', 'the engine that runs the model failed', {
        code: cause.code.toLowerCase(),
        cause,
      });
    if (cause.code === 'DISPOSED') return unavailable('the model was unloaded', 'unloaded');
  }
  return new HttpError(500, 'server_error', 'something went wrong inside the server', { cause });
}

const NAMES = new Set([
  'responseFormat',
  ...Object.entries(samplingOptions).flatMap(([name, { members = {} }]) => [
    name,
    ...Object.keys(members),
  ]),
]);
const FIELDS = new Set([
  'prompt',
  'messages',
  'tokens',
  'response_format',
  ...Object.keys(samplingOptions).map(snake),
]);

/** A library's message, with options called as they are in a request. */
const fieldMessage = (message: string) =>
  message.replace(/\b[a-z]+[A-Z]\w*/g, (name) => (NAMES.has(name) ? snake(name) : name));

/** The field a message begins with. */
function fieldOf(message: string): string | undefined {
  const path = /^[\w.[\]]+/.exec(message)?.[0];
  return FIELDS.has(path?.split(/[.[]/)[0] ?? '') ? path : undefined;
}
