#!/usr/bin/env node
import { CommanderError } from 'commander';
import { type ErrorCode, KelvinError } from '../sampling/error.ts';
import { Failure } from './failure.ts';
import { flagMessage } from './flag-message.ts';
import { createProgram } from './program.ts';
import { complain, isInteractive, watchStreams } from './streams.ts';
import { UsageError } from './usage-error.ts';

// What only a wrong command line can bring about: a token id can only come from --logit-bias.
const USAGE = new Set<ErrorCode>(['INVALID_OPTION', 'UNKNOWN_OPTION', 'INVALID_TOKEN']);

// Exit codes: 0, 1 something failed, 2 the command line is wrong, 130 interrupted.
watchStreams();
try {
  await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}

async function run(args: readonly string[]): Promise<void> {
  if (args.length > 0) return void (await createProgram().parseAsync(args, { from: 'user' }));
  // Bare `kelvin` asks for nothing, so it waits for nothing: stdin is not read.
  if (isInteractive()) {
    const { runTune } = await import('./run-tune.ts');
    await runTune('');
  } else {
    const { runGenerate } = await import('./run-generate.ts');
    await runGenerate(async () => '');
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    complain(error.message);
    return 2;
  }
  if (error instanceof Failure) {
    complain(error.message);
    return 1;
  }
  if (error instanceof KelvinError) {
    complain(flagMessage(error.message));
    return USAGE.has(error.code) ? 2 : 1;
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}
