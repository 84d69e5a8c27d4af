import { Command } from 'commander';
import { modelOption, threadsFlag } from '../model-flags.ts';
import type { ReplayFlags } from '../run-replay.ts';

const FOOTNOTE = `
Exit code 0 where all is the same, 1 where something is not. The last bits of a
model's numbers may be others on another kind of processor.

Examples:
  kelvin generate "Once upon a time" --json > story.ndjson
  kelvin replay story.ndjson
`;

/** `kelvin replay FILE` */
export function replayCommand(): Command {
  return new Command('replay')
    .description('write a recorded run again, and compare it bit for bit')
    .argument('<file>', 'a session, or what generate --json wrote; - for stdin')
    .addOption(modelOption('a model folder; the one the file names if absent'))
    .addOption(threadsFlag())
    .addHelpText('after', FOOTNOTE)
    .action(async (file: string, flags: ReplayFlags) => {
      const { runReplay } = await import('../run-replay.ts');
      await runReplay(file, flags);
    });
}
