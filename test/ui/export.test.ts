import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { parseSamplingOptions, type SamplingOptions, samplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { givenSampling } from '../../src/cli/sampling-flags.ts';
import { commandLine, requestBody, type Tuned, typeScript } from '../../src/ui/export.ts';
import { common, family, laterEdits, mirostat, truncations } from '../reference/chains.ts';
import { acting } from '../sampling/acting.ts';

type Options = Tuned['options'];

/** One value for every option that can be written down, with what it needs beside it. */
const examples: Record<Exclude<keyof SamplingOptions, 'constraint'>, Options> = {
  logitBias: { logitBias: { 0: -Infinity, 42: 1.5, 7: -1e-7, 8: 1.2e19 } },
  repetitionPenalty: { repetitionPenalty: 1.1 },
  presencePenalty: { presencePenalty: -0.5 },
  frequencyPenalty: { frequencyPenalty: 1e-9 },
  penaltyWindow: { penaltyWindow: 64, presencePenalty: 1 },
  dry: { dry: { multiplier: 0.8, base: 2, sequenceBreakers: [13, 42] } },
  noRepeatNgramSize: { noRepeatNgramSize: 3 },
  badWords: { badWords: [[1, 2], [3]] },
  bannedTokens: { bannedTokens: [4, 5] },
  allowedTokens: { allowedTokens: [1, 2, 3] },
  endTokens: { endTokens: [0] },
  minNewTokens: { minNewTokens: 5, endTokens: [0] },
  temperature: { temperature: Infinity },
  dynamicTemperature: { dynamicTemperature: { range: 0.5, exponent: 2 } },
  topNSigma: { topNSigma: 1.5 },
  topK: { topK: 40 },
  topP: { topP: 0.95 },
  minP: { minP: 0.05 },
  typicalP: { typicalP: 0.9 },
  epsilonCutoff: { epsilonCutoff: 0.0003 },
  etaCutoff: { etaCutoff: 0.002 },
  topA: { topA: 0.2 },
  topH: { topH: 0.4 },
  xtc: { xtc: { probability: 0.5 } },
  mirostat: { mirostat: { version: 2, tau: 4, eta: 0.2 } },
  minTokensToKeep: { minTokensToKeep: 2, topK: 5 },
  order: { order: ['topNSigma', 'topK', 'temperature'] },
  seed: { seed: -9007199254740991 },
};
const cases = Object.entries(examples);

it('has an example for every option that can be written down', () => {
  const names = Object.keys(samplingOptions).filter((name) => name !== 'constraint');
  expect(Object.keys(examples).sort()).toEqual(names.sort());
  for (const [name, options] of cases)
    expect(options[name as keyof Options]).not.toEqual(
      samplingOptions[name as keyof Options].default,
    );
});

const { minNewTokens, endTokens, ...edits } = laterEdits;
const settings: fc.Arbitrary<Options> = fc
  .oneof(
    fc.record({ ...common, ...edits, ...truncations, ...family }),
    fc.record({ ...common, mirostat }),
    fc.record({ ...common, endTokens, minNewTokens }),
  )
  .map((options) => acting(options))
  .filter(isTaken);

function isTaken(options: SamplingOptions): boolean {
  try {
    return parseSamplingOptions(options) !== undefined;
  } catch {
    return false;
  }
}

/** What a shell makes of a command line: its words. */
const words = (command: string): string[] =>
  execFileSync('bash', ['-c', `kelvin() { printf '%s\\0' "$@"; }; ${command}`], {
    encoding: 'utf8',
  })
    .split('\0')
    .slice(0, -1);

/** What the command line's own program makes of a command. */
async function read(command: string) {
  const program = createProgram();
  const generate = program.commands.find((command) => command.name() === 'generate')!;
  let told: { prompt?: string; flags: Record<string, unknown> } | undefined;
  generate.action((prompt, flags) => {
    told = { prompt, flags };
  });
  await program.parseAsync(words(command), { from: 'user' });
  return { ...told!, options: givenSampling(told!.flags) };
}

/** What a module gives to the functions it imports. */
async function run(module: string) {
  const body = module.replace("import { generate, loadModel } from 'kelvin';", '');
  const told: { model?: unknown; prompt?: string; options?: SamplingOptions } = {};
  const loadModel = async (model?: string) => {
    told.model = model;
    return { dispose: async () => {} };
  };
  const generate = (_model: unknown, prompt: string, options: SamplingOptions) => {
    Object.assign(told, { prompt, options });
    return [];
  };
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  await new AsyncFunction('loadModel', 'generate', body)(loadModel, generate);
  return told;
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The sampling options of a request's body, under the library's names. */
function asked(body: string): SamplingOptions {
  const { model: _, messages: __, max_tokens: ___, ...fields } = JSON.parse(body);
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      const name = camel(field) as keyof SamplingOptions;
      const isGroup = samplingOptions[name].members !== undefined;
      const members = () => Object.entries(value as object).map(([part, of]) => [camel(part), of]);
      return [name, isGroup ? Object.fromEntries(members()) : value];
    }),
  );
}

const prompt = 'Once upon a time';

describe('a command', () => {
  it('is what one would type', () => {
    expect(
      commandLine({ prompt, options: { temperature: 0.8, topK: 40, seed: 7 }, maxTokens: 50 }),
    ).toBe(
      "kelvin generate 'Once upon a time' --temperature 0.8 --top-k 40 --seed 7 --max-tokens 50",
    );
    expect(commandLine({ prompt: '', options: {} })).toBe('kelvin generate');
    expect(commandLine({ prompt: 'Hi', model: './a b', options: { topP: 1, minP: 0 } })).toBe(
      "kelvin generate Hi --model './a b'",
    );
  });

  it.each(cases)('means the same with %s', async (_name, options) => {
    const { options: given } = await read(commandLine({ prompt, options }));
    expect(parseSamplingOptions(given)).toEqual(parseSamplingOptions(options));
  });

  it('means the same with any settings', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (options) => {
        const { options: given } = await read(commandLine({ prompt, options }));
        expect(parseSamplingOptions(given)).toEqual(parseSamplingOptions(options));
      }),
      { numRuns: 40 },
    );
  });

  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    fc.constantFrom(
      '-h',
      '--',
      '--temperature 3',
      "it's",
      '$(rm)',
      '`a`',
      '!!',
      '\\',
      '\\033',
      "'",
    ),
    fc.constantFrom('a\nb', '\u001B[2J', '\u202Eabc', '\r\n', "\u0007'\\7", '~', '#', ' ', '*'),
  );
  it('holds any prompt and any model, and nothing that drives a terminal', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (prompt, model) => {
        fc.pre(model !== '');
        const command = commandLine({ prompt, model, options: { topK: 3 } });
        expect(command).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}/u);
        const told = await read(command);
        expect(told.prompt ?? '').toBe(prompt);
        expect(told.flags.model).toBe(model);
        expect(told.flags.topK).toBe(3);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a module', () => {
  it('is ready to run', () => {
    const options = { temperature: 0.8, logitBias: { 42: -Infinity }, seed: 7 };
    expect(typeScript({ prompt: "it's", model: './m', options, maxTokens: 50 })).toBe(
      `import { generate, loadModel } from 'kelvin';

const model = await loadModel('./m');
const generation = generate(model, 'it\\'s', {
  logitBias: { 42: -Infinity },
  temperature: 0.8,
  seed: 7,
  maxTokens: 50,
});
for await (const { text } of generation) process.stdout.write(text);
await model.dispose();
`,
    );
  });

  it.each(cases)('means the same with %s', async (_name, options) => {
    const told = await run(typeScript({ prompt, options }));
    expect(parseSamplingOptions(told.options)).toEqual(parseSamplingOptions(options));
  });

  it('means the same with any settings', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (options) => {
        const told = await run(typeScript({ prompt, options }));
        expect(parseSamplingOptions(told.options)).toEqual(parseSamplingOptions(options));
      }),
    );
  });

  it('holds any prompt and any model, and nothing that drives a terminal', async () => {
    const text = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(text, text, async (prompt, model) => {
        const module = typeScript({ prompt, model, options: {} });
        expect(module).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
        expect(await run(module)).toEqual({ model, prompt, options: {} });
      }),
    );
  });
});

describe('a request', () => {
  it('has the names OpenAI has, and kelvin’s for the rest', () => {
    const options = { temperature: 0.8, topK: 40, frequencyPenalty: 0.5, seed: 7 };
    expect(JSON.parse(requestBody({ prompt, options, maxTokens: 50 }))).toEqual({
      model: 'kelvin',
      messages: [{ role: 'user', content: prompt }],
      temperature: 0.8,
      top_k: 40,
      frequency_penalty: 0.5,
      seed: 7,
      max_tokens: 50,
    });
  });

  it.each(cases)('means the same with %s', (_name, options) => {
    expect(parseSamplingOptions(asked(requestBody({ prompt, options })))).toEqual(
      parseSamplingOptions(options),
    );
  });

  it('means the same with any settings', () => {
    fc.assert(
      fc.property(settings, (options) => {
        expect(parseSamplingOptions(asked(requestBody({ prompt, options })))).toEqual(
          parseSamplingOptions(options),
        );
      }),
    );
  });
});

describe('beside what the model asks for', () => {
  const tuned = {
    prompt,
    options: { temperature: 0.6, topK: 20 },
    asked: { temperature: 0.6, topP: 0.9, topK: 50 },
  };

  it('only what differs is written, and what was switched off is', async () => {
    expect(commandLine(tuned)).toBe("kelvin generate 'Once upon a time' --top-k 20 --top-p 1");
    expect((await run(typeScript(tuned))).options).toEqual({ topK: 20, topP: 1 });
    expect(asked(requestBody(tuned))).toEqual({ topK: 20, topP: 1 });
  });
});

it('refuses settings that a sampler refuses', () => {
  const tuned = { prompt, options: { penaltyWindow: 64 } };
  for (const write of [commandLine, typeScript, requestBody])
    expect(() => write(tuned)).toThrow(/penaltyWindow must be -1/);
});

it('writes out what is asked to be said, even where it holds anyway', () => {
  const tuned: Tuned = { prompt: 'Hi', options: { temperature: 0.7 }, asked: { temperature: 0.7 } };
  expect(commandLine(tuned)).toBe('kelvin generate Hi');
  expect(commandLine({ ...tuned, said: ['temperature'] })).toBe(
    'kelvin generate Hi --temperature 0.7',
  );
  const off = { ...tuned, options: { topK: 0 }, asked: {}, said: ['topK'] };
  expect(commandLine(off)).toBe('kelvin generate Hi --top-k 0');
});
