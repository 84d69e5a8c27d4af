import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './folders.ts';
import { kelvin, start } from './kelvin.ts';

interface Facts {
  readonly numbers: number[];
  readonly temperature: number | string;
  readonly softmax: number[];
  readonly standardNormalization: number[] | null;
  readonly argmax: number;
  readonly oneHot: number[];
  readonly entropy: number;
  readonly target?: {
    readonly index: number;
    readonly negativeLogLikelihood: number | string;
    readonly gradient: number[] | null;
  };
  readonly jacobian?: number[][] | null;
  readonly temperatures: {
    readonly temperature: number | string;
    readonly softmax: number[];
    readonly entropy: number;
  }[];
}

async function facts(args: readonly string[], input?: string): Promise<Facts> {
  const { code, stdout, stderr } = await kelvin(['softmax', '--json', ...args], { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout);
}

/** Equal to so many digits that mean something. */
function close(actual: readonly number[], expected: readonly number[], relative: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(relative * Math.abs(value));
}

describe.concurrent('softmax', () => {
  it.each([
    ['1 2', [0.27, 0.73], 0.02],
    ['10 20', [0.000045, 0.99995], 0.01],
    ['1 2 5', [0.02, 0.05, 0.93], 0.15],
    ['1 4 -2', [0.047, 0.95, 0.002], 0.2],
    ['2 1 0.1', [0.65900114, 0.24243297, 0.09856589], 1e-7],
    ['123 456 789', [5.75e-290, 2.4e-145, 1], 1e-3],
  ])('of %s', async (numbers, expected, relative) => {
    const told = await facts(numbers.split(' '));
    close(told.softmax, expected, relative);
    expect(told.temperature).toBe(1);
    expect(told.oneHot).toEqual(expected.map((p) => (p === Math.max(...expected) ? 1 : 0)));
    expect(told.argmax).toBe(told.oneHot.indexOf(1));
  });

  it('is beside standard normalisation, which ignores how far numbers are apart', async () => {
    const [near, far] = await Promise.all([facts(['1', '2']), facts(['10', '20'])]);
    close(near.standardNormalization!, [1 / 3, 2 / 3], 1e-15);
    expect(far.standardNormalization).toEqual(near.standardNormalization);
    expect((await facts(['1', '-1'])).standardNormalization).toBeNull();
  });

  it('goes from the argmax to equal shares with the temperature', async () => {
    const { temperatures, entropy } = await facts(['1', '4', '-2']);
    expect(temperatures.map(({ temperature }) => temperature)).toEqual([0, 0.5, 1, 2, 'Infinity']);
    expect(temperatures[0]).toMatchObject({ softmax: [0, 1, 0], entropy: 0 });
    const weights = [0.5, 2, -1].map(Math.exp);
    const total = weights.reduce((sum, weight) => sum + weight);
    close(
      temperatures[3]!.softmax,
      weights.map((weight) => weight / total),
      1e-14,
    );
    expect(temperatures[2]!.entropy).toBe(entropy);
    close(temperatures[4]!.softmax, [1 / 3, 1 / 3, 1 / 3], 1e-15);
    expect(temperatures[4]!.entropy).toBeCloseTo(Math.log(3), 14);
  });

  it('has the loss of a target, with derivatives that finite differences confirm', async () => {
    const flags = ['--temperature', '0.5', '--target', '1', '--jacobian'];
    const at = (x: number) => facts([...flags, '1', String(4 + x), '-2']);
    const [here, above, below] = await Promise.all([at(0), at(1e-5), at(-1e-5)]);
    const loss = (told: Facts) => told.target!.negativeLogLikelihood as number;
    expect(loss(here)).toBeCloseTo(-Math.log(here.softmax[1]!), 14);
    expect((loss(above) - loss(below)) / 2e-5).toBeCloseTo(here.target!.gradient![1]!, 8);
    const moved = here.softmax.map((_, i) => (above.softmax[i]! - below.softmax[i]!) / 2e-5);
    for (const [i, slope] of moved.entries()) expect(here.jacobian![i]![1]).toBeCloseTo(slope, 8);
    for (const row of here.jacobian!)
      expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(0, 14);
  });

  it('tells no derivative at temperature 0, and none but 0 at infinity', async () => {
    const flags = ['2', '1', '--target', '1', '--jacobian', '--temperature'];
    const [cold, hot] = await Promise.all([facts([...flags, '0']), facts([...flags, 'inf'])]);
    expect(cold.target).toEqual({ index: 1, negativeLogLikelihood: 'Infinity', gradient: null });
    expect(cold.jacobian).toBeNull();
    expect(hot.target!.gradient).toEqual([0, 0]);
    expect(hot.jacobian).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('takes negative numbers however they are written, between flags too', async () => {
    const told = await facts(['-2.', '--target', '0', '-.5', '-1E1', '-inf', '-Infinity', '-0']);
    expect(told.numbers).toEqual([-2, -0.5, -10, '-Infinity', '-Infinity', 0]);
    expect(told.softmax.slice(3, 5)).toEqual([0, 0]);
  });

  it.each([
    ['[1, 4, -2]', undefined],
    ['1\n4\n-2\n', undefined],
    ['1 4 -2', undefined],
    [' [ 1e0,\n"4", -2.0 ]\n', undefined],
  ])('reads stdin where there are no arguments: %j', async (input) => {
    expect(await facts([], input)).toEqual(await facts(['1', '4', '-2']));
  });

  it('leaves stdin alone where there are arguments', async () => {
    const { child, ended } = start(['softmax', '1', '2'], { input: null });
    expect((await ended).code).toBe(0);
    expect(child.stdin.writableEnded).toBe(false);
  });

  it('takes a whole row of logits', async () => {
    const input = JSON.stringify(Array.from({ length: 152_000 }, (_, i) => i % 7));
    const { code, stdout } = await kelvin(['softmax'], { input });
    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(2 * 152_000);
  });

  it('is told in tables', async () => {
    const args = ['softmax', '1', '4', '-2', '--target', '0', '--jacobian'];
    const { stdout } = await kelvin(args);
    expect(stdout).toContain('2      -2  0.00235563  -0.666667       0  0.00235563\n');
    expect(stdout).toContain('loss of target 0 3.05095 nats, 4.40158 bits\n');
    expect(stdout).toContain('negative shares');
    expect(stdout).toMatch(/^ *0 +0\.0450755 +-0\.0449641 +-0\.000111455$/m);
  });
});

describe.concurrent('softmax refuses', () => {
  it.each([
    [['1', 'nan'], '', 'numbers must be finite or -inf, got "nan" as number 2 of 2'],
    [['1', 'inf', '3'], '', 'numbers must be finite or -inf, got "inf" as number 2 of 3'],
    [['-inf'], '', 'numbers must not all be -inf: there is nothing to choose from'],
    [[], '', 'softmax needs numbers, as arguments or on stdin, got none'],
    [[], '[]', 'softmax needs numbers, as arguments or on stdin, got none'],
    [[], '[1, NaN]', 'stdin must be a JSON array or one number per line, got neither'],
    [[], '[1, null]', 'numbers must be finite or -inf, got null as number 2 of 2'],
    [[], '1\n\u0007x', 'numbers must be finite or -inf, got "\\u0007x" as number 2 of 2'],
    [['1', '2', '--target', '2'], '', '--target must be an integer in [0, 1], got 2'],
    [['1', '--target', '-1'], '', '--target must be an integer ≥ 0, got "-1"'],
    [['1', '--temp', '-1'], '', '--temperature must be a number in [0, Infinity], got -1'],
    [['1', '--temprature', '1'], '', "unknown option '--temprature' (did you mean --temperature?)"],
    [['1', '-x'], '', "unknown option '-x'"],
  ] as const)('%j with %j on stdin', async (args, input, message) => {
    const run = await kelvin(['softmax', ...args], { input });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: `kelvin: ${message}\n` });
  });

  it('a Jacobian that nobody could read', async () => {
    const input = Array(1001).fill(0).join('\n');
    const run = await kelvin(['softmax', '--jacobian'], { input });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toBe('kelvin: --jacobian must be of at most 1000 numbers, got 1001\n');
  });
});

it('loads nothing that runs models', async () => {
  const coverage = emptyFolder();
  await kelvin(['softmax', '1', '2'], { env: { NODE_V8_COVERAGE: coverage } });
  const loaded = readdirSync(coverage).flatMap((file): string[] =>
    JSON.parse(readFileSync(join(coverage, file), 'utf8')).result.map(
      (script: { url: string }) => script.url,
    ),
  );
  expect(loaded.some((url) => url.endsWith('/cli/run-softmax.js'))).toBe(true);
  expect(loaded.filter((url) => /onnxruntime|transformers|\/zod\/|\/react\//.test(url))).toEqual(
    [],
  );
});
