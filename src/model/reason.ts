/** What a caught value says of itself. */
export function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
