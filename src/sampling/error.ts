/** Stable identifiers of what went wrong; messages may change, codes do not. */
export type ErrorCode =
  | 'INVALID_OPTION'
  | 'UNKNOWN_OPTION'
  | 'INVALID_LOGITS'
  | 'INVALID_TOKEN'
  | 'INVALID_ARGUMENT'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_FILE'
  | 'MODEL_UNSUPPORTED'
  | 'MODEL_CACHE'
  | 'HUB_ACCESS'
  | 'HUB_UNREACHABLE'
  | 'CONSTRAINT_FAILED'
  | 'ENGINE_UNREACHABLE'
  | 'ENGINE_FAILED'
  | 'NOT_EXACT'
  | 'CONTEXT_LENGTH'
  | 'RECORD_FILE'
  | 'DISPOSED';

/**
 * The one error class of kelvin. `code` is for programs, `message` for people: it names the
 * parameter or file, what is allowed and what was received.
 */
export class KelvinError extends Error {
  override readonly name = 'KelvinError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
