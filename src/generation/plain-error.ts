import { type ErrorCode, KelvinError } from '../sampling/error.ts';

/** An error as it crosses threads, where classes are lost. */
export interface PlainError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function toPlain(cause: unknown): PlainError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code = error instanceof KelvinError ? error.code : undefined;
  return { code, message: error.message, stack: error.stack };
}

export function fromPlain({ code, message, stack }: PlainError): Error {
  const error = code === undefined ? new Error(message) : new KelvinError(code, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
