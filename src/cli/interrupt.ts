const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof EXIT_CODES;

/**
 * Runs work that Ctrl-C ends in good order: the first signal aborts it, so that it can still say
 * how far it came; a second one ends the process. Either way the exit code tells of the signal.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController();
  const onSignal = (name: Signal) => {
    process.exitCode = EXIT_CODES[name];
    if (!abort.signal.aborted) return abort.abort();
    // Unhandled, a signal kills; process.exit would stop the model's thread in mid-step, which
    // crashes in native code.
    ignore();
    process.kill(process.pid, name);
  };
  const ignore = () => process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    await work(abort.signal);
  } finally {
    ignore();
  }
}
