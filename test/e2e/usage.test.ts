import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelCopy } from './folders.ts';
import { kelvin } from './kelvin.ts';

// [arguments, what the one line on stderr says]
const REFUSED: readonly (readonly [string[], string])[] = [
  [['--top-p', '2'], '--top-p must be a number in [0, 1], got 2'],
  [['--top-p', 'much'], '--top-p must be a number in [0, 1], got "much"'],
  [['--top-p', ''], '--top-p must be a number in [0, 1], got ""'],
  [['--temperature', '-1'], '--temperature must be a number in [0, Infinity], got -1'],
  [['--temp', 'nan'], '--temperature must be a number in [0, Infinity], got "nan"'],
  [['--top-k', '1.5'], '--top-k must be an integer ≥ 0, got 1.5'],
  [['--top-k', '0x10'], '--top-k must be an integer ≥ 0, got "0x10"'],
  [['--repetition-penalty', '0'], '--repetition-penalty must be a number in (0, Infinity), got 0'],
  [['--seed', '9007199254740993'], '--seed must be a safe integer, got "9007199254740993"'],
  [['--seed', '9007199254740990.5'], '--seed must be a safe integer, got "9007199254740990.5"'],
  [['--logit-bias', '7=1', '--logit-bias', '007=2'], '--logit-bias names token 7 twice'],
  [['--seed', 'inf'], '--seed must be a safe integer, got Infinity'],
  [['--logit-bias', '5'], '--logit-bias must be id=bias, as in 42=-inf, got "5"'],
  [['--logit-bias', '5=inf'], '--logit-bias[5] must be a finite number or -Infinity, got Infinity'],
  [
    ['--xtc', '0.5'],
    '--xtc must be made of name=value, with the names probability, threshold, got "0.5"',
  ],
  [['--xtc', 'threshold=0.1'], '--xtc probability must be a number in [0, 1], got undefined'],
  [['--mirostat', 'version=2,version=1'], '--mirostat names version twice'],
  [
    ['--dry', 'multiplier=1,allowed-length=much'],
    '--dry allowed-length must be an integer ≥ 1, got "much"',
  ],
  [
    ['--dry', 'multiplier=1,sequence-breakers=1/x'],
    'a token id in --dry sequence-breakers must be an integer ≥ 0, got "x"',
  ],
  [['--banned-tokens', '1,,2'], 'a token id in --banned-tokens must be an integer ≥ 0, got ""'],
  [['--bad-words', '1.5'], 'a token id in --bad-words[0] must be an integer ≥ 0, got 1.5'],
  [
    ['--min-new-tokens', '1', '--mirostat', 'version=2', '--top-h', '0.9'],
    '--mirostat must be absent where topH is set, as it stands in for all other filters, got {version: 2, tau: 5, eta: 0.1}',
  ],
  [
    ['--penalty-window', '64'],
    '--penalty-window must be -1 where repetitionPenalty is 1 and presencePenalty and frequencyPenalty are 0, as no penalty looks at it, got 64',
  ],
  [
    ['--min-tokens-to-keep', '3'],
    '--min-tokens-to-keep must be 1 where no filter is set, as there is none to hold back, got 3',
  ],
  [['--order', 'top-k'], '--order leaves out topP, but topP is set and would do nothing'],
  [['-n', '-1'], '--max-tokens must be an integer ≥ 0, got -1'],
  [['-n'], "option '-n, --max-tokens <n>' argument missing"],
  [['--stop', ''], '--stop must be a non-empty text, got ""'],
  [['--threads', '0'], '--threads must be an integer in [1, 1024], got 0'],
  [['--logprobs', '-1', '--json'], '--logprobs must be an integer ≥ 0, got -1'],
  [['--logprobs', '3'], '--logprobs must come with --json, which is where they are told'],
  [
    ['--dtype', 'q5'],
    '--dtype must be one of fp32, fp16, q8, int8, uint8, q4, q4f16, bnb4, got "q5"',
  ],
  [['--temprature', '1'], "unknown option '--temprature' (did you mean --temperature?)"],
];

describe.concurrent('generate refuses', () => {
  it.each(REFUSED)('%j', async (flags, message) => {
    const given = flags.includes('top-k') ? ['--top-p', '0.5', ...flags] : flags;
    // stdin stays open: nobody should have to end it to hear of a typing error.
    const run = await kelvin(['generate', 'Once', ...given], { input: null });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: `kelvin: ${message}\n` });
  });

  it('what the model’s own file leaves nothing to do, but not what it gives something to do', async () => {
    const folder = modelCopy();
    const file = join(folder, 'generation_config.json');
    writeFileSync(file, JSON.stringify({ do_sample: false, repetition_penalty: 1.1 }));
    const generate = ['generate', 'Once', '-n', '2', '-m', folder];
    const [idle, busy] = await Promise.all([
      kelvin([...generate, '--top-k', '5'], { input: null }),
      kelvin([...generate, '--penalty-window', '64', '--min-new-tokens', '1']),
    ]);
    expect(idle).toMatchObject({ code: 2, stdout: '' });
    expect(idle.stderr).toMatch(/^kelvin: --top-k must come with .+generation_config\.json.+ 5\n$/);
    expect(busy.code).toBe(0);
  });

  it('a format the model does not have, a token it does not know', async () => {
    const [dtype, token] = await Promise.all([
      kelvin(['generate', 'Once', '--dtype', 'q4']),
      kelvin(['generate', 'Once', '--logit-bias', '99999=1']),
    ]);
    expect(dtype).toMatchObject({ code: 2, stdout: '' });
    expect(dtype.stderr).toMatch(/^kelvin: --dtype.* fp32.* "q4"\n$/);
    expect(token).toMatchObject({ code: 2, stdout: '' });
    expect(token.stderr).toMatch(/^kelvin: --logit-bias names token .*99999.* 2048 tokens\n$/);
  });
});

describe.concurrent('kelvin refuses', () => {
  it.each([
    [['genrate', 'Once'], "unknown command 'genrate' (did you mean generate?)"],
    [['models', 'lst'], "unknown command 'lst' (did you mean list?)"],
    [
      ['generate', 'Once', 'upon'],
      "too many arguments for 'generate'. Expected 1 argument but got 2.",
    ],
  ])('%j', async (args, message) => {
    const run = await kelvin(args);
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: `kelvin: ${message}\n` });
  });
});
