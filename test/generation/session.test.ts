import { generate, loadModel, type Model } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../src/generation/session/read-record.ts';
import type { Recorded, RecordedSession } from '../../src/generation/session/record.ts';
import { replay } from '../../src/generation/session/replay.ts';
import { type Session, sessionLines } from '../../src/generation/session/session-lines.ts';
import { file, session } from './recorded.ts';

let model: Model;
let told: Session;
let lines: string[];
beforeAll(async () => {
  model = await loadModel();
  told = await session(model);
  lines = sessionLines(told);
});
afterAll(() => model.dispose());

describe('a session as lines', () => {
  it('tells first what it is of', () => {
    const { name, path, dtype, bytes } = model.info;
    const { prompt, ...rest } = JSON.parse(lines[0]!);
    expect(rest).toEqual({
      ...{ kelvin: 'session', version: 1, model: { name, path, dtype, bytes } },
      ...{ branches: 5, steps: lines.filter((line) => 'index' in JSON.parse(line)).length },
      current: 2,
    });
    expect(prompt.tokens).toEqual(told.prompt.map(({ token }) => token));
    expect(prompt.text).toBe('Once upon a “time”');
  });

  it('tells of each text what is new in it, and settings where they begin to hold', () => {
    const kinds = lines.slice(1).map((line) => {
      const value = JSON.parse(line);
      if ('branch' in value) return JSON.stringify(value);
      return 'settings' in value ? `seed ${value.settings.seed}` : value.index;
    });
    expect(kinds).toEqual([
      ...['seed 1', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      ...['{"branch":1,"from":{"branch":0,"index":5}}', 'seed 9', 5, 6, 7, 8, 9, 10, 11],
      ...['{"branch":2,"from":{"branch":1,"index":8}}', 'seed 3'],
      ...[8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
      ...['{"branch":3,"from":{"branch":0,"index":0}}', 'seed 3', 0, 1, 2, 3, 4],
      '{"branch":4,"from":{"branch":1,"index":7}}',
    ]);
  });

  it('is read back whole, with what JSON has no number for', () => {
    const read = readRecord(file(told)) as RecordedSession;
    expect(read).toMatchObject({ kind: 'session', current: 2, model: { name: 'kelvin-story' } });
    const whole: object[][] = [];
    for (const { from, steps } of read.branches)
      whole.push([...(from ? whole[from.branch]!.slice(0, from.index) : []), ...steps]);
    const fields = (one: object) => {
      const { token, text, logprob, shapedLogprob, entropy, rank } = one as never;
      return { token, text, logprob, shapedLogprob, entropy, rank };
    };
    expect(whole.map((branch) => branch.map(fields))).toEqual(
      told.branches.map((branch) => branch.map(fields)),
    );
    const chosen = whole.flat().filter((step) => 'chosen' in step);
    expect(chosen).toHaveLength(4);
    expect(chosen.at(-2)).toMatchObject({ token: 1500, shapedLogprob: -Infinity });
    expect(read.branches[0]!.steps[0]!.settings).toMatchObject({
      logitBias: { 0: -Infinity },
      seed: 1,
    });
    expect(read.branches[1]!.steps[0]!.settings.temperature).toBe(Infinity);
  });

  it('of a prompt and nothing more can be read too', () => {
    const nothing = readRecord(file({ ...told, branches: [[]], current: 0 }));
    expect(nothing).toMatchObject({ branches: [{ steps: [] }] });
  });
});

describe('a file that is no session is refused, with its line and what is wrong', () => {
  const edited = (at: number, edit: (value: Record<string, unknown>) => object | string) => {
    const copy = [...lines];
    const value = edit(JSON.parse(copy[at]!));
    copy[at] = typeof value === 'string' ? value : JSON.stringify(value);
    return `${copy.join('\n')}\n`;
  };
  // Lines 1 to 3: what it is of, settings, the first token; line 15 begins the second branch.
  it.each<[string, () => string, string]>([
    ['nothing', () => '', 'a recorded session must hold lines of JSON, got none'],
    ['a text', () => 'Once\nupon\n', 'line 1: must be JSON, got "Once"'],
    ['a number', () => '7\n', 'line 1: the line must be an object, got 7'],
    ['other JSON', () => '{"a": 1}', 'line 1: must be the first line of a session or of `kelvin'],
    [
      'another version',
      () => edited(0, (v) => ({ ...v, version: 2 })),
      'line 1: version must be 1, got 2',
    ],
    [
      'another kind',
      () => edited(0, (v) => ({ ...v, kelvin: 'x' })),
      'line 1: kelvin must be "session", got "x"',
    ],
    [
      'no model',
      () => edited(0, ({ model: _, ...v }) => v),
      'line 1: model must be present, got undefined',
    ],
    [
      'half a model',
      () => edited(0, (v) => ({ ...v, model: { name: 'a' } })),
      'line 1: model.path must be a text, got undefined',
    ],
    [
      'tokens',
      () => edited(0, (v) => ({ ...v, prompt: { text: '', tokens: [-1] } })),
      'line 1: prompt.tokens must be an array of token ids, got [-1]',
    ],
    [
      'current',
      () => edited(0, (v) => ({ ...v, current: 5 })),
      'line 1: current must be an integer in [0, 4], got 5',
    ],
    [
      'a setting',
      () => edited(1, () => ({ settings: { topP: 2 } })),
      'line 2: settings: topP must be a number in [0, 1], got 2',
    ],
    [
      'no setting',
      () => edited(1, () => ({ settings: { topp: 1 } })),
      'line 2: settings: unknown sampling option "topp"',
    ],
    [
      'settings',
      () => edited(1, () => ({ settings: 3 })),
      'line 2: settings must be an object, got 3',
    ],
    ['an index', () => edited(2, (v) => ({ ...v, index: 4 })), 'line 3: index must be 0, got 4'],
    [
      'a token',
      () => edited(2, (v) => ({ ...v, token: 'a' })),
      'line 3: token must be an integer ≥ 0, got "a"',
    ],
    [
      'a probability',
      () => edited(2, (v) => ({ ...v, logprob: 'low' })),
      'line 3: logprob must be a number, got "low"',
    ],
    [
      'a field less',
      () => edited(2, ({ rank: _, ...v }) => v),
      'line 3: rank must be an integer ≥ 0, got undefined',
    ],
    [
      'a field more',
      () => edited(2, (v) => ({ ...v, constructor: 1 })),
      'line 3: constructor must be one of the fields index, token, ',
    ],
    [
      'a branch',
      () => edited(14, (v) => ({ ...v, branch: 4 })),
      'line 15: branch must be 1, got 4',
    ],
    [
      'an unknown branch',
      () => edited(14, (v) => ({ ...v, from: { branch: 1, index: 0 } })),
      'line 15: from.branch must be an integer in [0, 0], got 1',
    ],
    [
      'an unknown token',
      () => edited(14, (v) => ({ ...v, from: { branch: 0, index: 13 } })),
      'line 15: from.index must be an integer in [0, 12], got 13',
    ],
    [
      'another line',
      () => edited(5, () => ({ a: 1 })),
      'line 6: must hold a branch, settings or a token, got {a: 1}',
    ],
    [
      'no settings',
      () => [lines[0], ...lines.slice(2)].join('\n'),
      'line 2: settings must come before the first token',
    ],
    ['half a line', () => file(told).slice(0, -9), `: the file was cut short`],
    [
      'a line less',
      () => lines.slice(0, -1).join('\n'),
      'the file must go on to 34 tokens in 5 branches, got 34 in 4: it was cut short',
    ],
    [
      'half a generation',
      () => `${lines[2]}\n`,
      'line 1: a summary must be at the end of the file, got none: it was cut short',
    ],
    [
      'what an engine wrote',
      () => {
        const engine = { kind: 'vllm' } as NonNullable<Model['info']['engine']>;
        return file({ ...told, model: { ...told.model, engine } });
      },
      'line 1: the model was run by an engine, and what an engine wrote is not replayed',
    ],
  ])('%s', (_, text, message) => {
    const error = { name: 'KelvinError', code: 'RECORD_FILE' };
    const read = () => readRecord(text());
    expect(read).toThrow(expect.objectContaining(error));
    expect(read).toThrow(message);
  });
});

describe('a replay', () => {
  const interrupted = async (recorded: Recorded, subject = model) => {
    const abort = new AbortController();
    const replayed = replay(subject, recorded, abort.signal);
    // Before the model's thread can have answered, which may come to the end in no time.
    queueMicrotask(() => abort.abort(new Error('enough')));
    await expect(replayed).rejects.toThrow('enough');
    await expect(replay(subject, recorded, abort.signal)).rejects.toThrow('enough');
    const after = await generate(subject, 'Once', { maxTokens: 2 }).result();
    expect(after).toMatchObject({ tokens: 2, reusedTokens: 0 });
  };

  it('of a session can be interrupted', () => interrupted(readRecord(file(told))));

  it('of a generation can be interrupted', async () => {
    const fresh = await loadModel();
    const { name, path, file, dtype, bytes } = fresh.info;
    const options = { maxTokens: 400, logitBias: { 0: -100 } };
    const generation = generate(fresh, 'Once upon a time', options);
    const steps = [];
    for await (const step of generation) steps.push(step);
    const whole = { model: { name, path, file, dtype, bytes }, prompt: 'Once upon a time' };
    const summary = { ...whole, ...(await generation.result()) };
    const lines = [...steps, { summary }].map((line) => `${JSON.stringify(line)}\n`);
    const recorded = readRecord(lines.join(''));
    await fresh.dispose();
    // One that had written before would differ, and might be found out to before it is interrupted.
    const idle = await loadModel();
    await interrupted(recorded, idle);
    await idle.dispose();
    const again = await loadModel();
    expect(await replay(again, recorded, new AbortController().signal)).toBeUndefined();
    await again.dispose();
  });
});
