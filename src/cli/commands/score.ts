import { Command } from 'commander';
import { addLocalModelFlags } from '../model-flags.ts';
import type { ScoreFlags } from '../run-score.ts';

const FOOTNOTE = `
Surprisal is -ln of the model's own probability, before any temperature, in
nats; entropy is what was to be expected there; rank 1 is the likeliest token.
The first token, often a begin token, is what the model goes on from.

A text longer than the model's context is read in windows as long as the
context, each half a context behind the one before it: every token is scored
once, with half a context or more in front of it. The summary says so.

In a terminal the text is coloured by surprisal; elsewhere, and with --json, it
is one JSON object per token, then a summary.

Examples:
  kelvin score story.txt
  kelvin generate "Once upon a time" | kelvin score --json | tail -n 1
`;

/** `kelvin score [file]` */
export function scoreCommand(): Command {
  return addLocalModelFlags(
    new Command('score')
      .description('how likely a model finds a text, token by token')
      .argument('[file]', 'a text in UTF-8; - or nothing is stdin'),
  )
    .optionsGroup('Output:')
    .option('--json', 'one JSON object per token, then a summary')
    .addHelpText('after', FOOTNOTE)
    .action(async (file: string | undefined, flags: ScoreFlags) => {
      const { runScore } = await import('../run-score.ts');
      await runScore(file, flags);
    });
}
