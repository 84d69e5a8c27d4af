#!/usr/bin/env node
import { CommanderError } from 'commander';
import { KelvinError } from '../sampling/error.ts';
import { flagMessage } from './flag-message.ts';
import { createProgram } from './program.ts';
import { dim, toleratePipeEnd } from './streams.ts';
import { UsageError } from './usage-error.ts';

// Exit codes: 0, 1 something failed, 2 the command line is wrong, 130 interrupted.
toleratePipeEnd(process.stdout, () => process.exit());
toleratePipeEnd(process.stderr, () => {});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const usage =
    error instanceof UsageError || (error instanceof KelvinError && /_OPTION$/.test(error.code));
  const known = usage || error instanceof KelvinError;
  const text = error instanceof Error ? (known ? error.message : error.stack) : String(error);
  process.stderr.write(`kelvin: ${usage ? flagMessage(text ?? '') : text}\n`);
  if (usage) process.stderr.write(dim('See: kelvin --help\n', process.stderr));
  return usage ? 2 : 1;
}
