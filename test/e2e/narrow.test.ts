import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { file, stories, story } from './measures.ts';
import { Terminal } from './terminal.ts';

const small = '--samples 2 -n 12 --seed 1';

/** What each command shows at any width, and what it leaves out at 40 columns. */
const shows: readonly [string, readonly RegExp[], readonly RegExp[]][] = [
  [
    `sweep Once --temperatures 0.5,1 --reference ${stories} ${small}`,
    [/^ +\S+ +diversity +coherence/m, /^@ +refer/m, /^[*a] +0\.5 +\d\.\d\d/m, /^recommended: /m],
    [/perplexity/, /loops/],
  ],
  [
    `sweep Once --sweep top-p=0.5,1 --sweep min-tokens-to-keep=1 --top-k 5 ${small}`,
    [/^ +top-p +\S+ +diversity +coherence/m, /^[*a] +0\.5 +1 +\d\.\d\d/m],
    [/perplexity/, /±/],
  ],
  [
    `score ${file(story)}`,
    [/below 1|<1/, /^token +most surprising +bits +.*rank$/m, /^repeated +2-grams [\d.]+%/m],
    [/surprisal in bits/],
  ],
  [
    `calibrate ${file(story)}`,
    [
      /^95 % interval \d\.\d+ to \d\.\d+$/m,
      /^90% to 100% +\d+ +9\d% +\d+%/m,
      /^ +└0─+.*─1$/m,
      /○ before {2}● after/,
    ],
    [/before +after$\n^confidence/m, /over sure/],
  ],
  [
    'softmax 1 4 -2 0.001 7 8.12345 --temp 0.7 --target 1 --jacobian',
    [/softmax at 0\.7/, /gradient$/m, /temperature +0 +0\.5/, /inf$/m, /^d softmax .*\/ d 5$/m],
    [],
  ],
];

describe.skipIf(spawnSync('tmux', ['-V']).error).each([40, 60, 80])('at %d columns', (columns) => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await Terminal.open(columns, 100);
  });
  afterAll(() => terminal.close());

  it.each(shows)('no line is broken of %s', async (command, told, spared) => {
    terminal.run('clear-history');
    terminal.type(command, 'clear;');
    await terminal.shows(/code=0/);
    const screen = terminal.screen();
    for (const what of told) expect(screen).toMatch(what);
    if (columns === 40) for (const what of spared) expect(screen).not.toMatch(what);
    // What the terminal broke comes back as one line: only the text itself, the progress and the
    // command to copy may be.
    const lines = screen.split('\n');
    const first = lines.findIndex((line) => line.includes('surprisal') || /^ |^bits: /.test(line));
    for (const line of lines.slice(Math.max(0, first)))
      if (!/^kelvin generate|tokens in .* s, seed/.test(line))
        expect(line.length, line).toBeLessThanOrEqual(columns);
  });
});
