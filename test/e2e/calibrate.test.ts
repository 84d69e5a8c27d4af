import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { kelvin } from './kelvin.ts';
import { CalibrationLine, file, LONG, SummaryLine, stories, story } from './measures.ts';
import { told as generated } from './ndjson.ts';
import { Terminal } from './terminal.ts';

async function told(
  args: readonly string[],
  input?: string,
): Promise<z.infer<typeof CalibrationLine>> {
  const { code, stdout, stderr } = await kelvin(['calibrate', '--json', ...args], { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return CalibrationLine.parse(JSON.parse(stdout));
}

describe.concurrent('calibrate', () => {
  it('begins with the loss that score tells, and ends with less', async () => {
    const [{ tokens, every, converged, ...fit }, scored] = await Promise.all([
      told([stories]),
      kelvin(['score', stories]),
    ]);
    const { summary } = SummaryLine.parse(JSON.parse(scored.stdout.trimEnd().split('\n').at(-1)!));
    expect({ tokens, every, converged }).toEqual({
      tokens: summary.tokens,
      every: 1,
      converged: true,
    });
    expect(fit.before.loss).toBeCloseTo(summary.surprisal, 6);
    // These stories are not the ones it was trained on, so it is surer than it should be.
    expect(fit.temperature).toBeGreaterThan(1.1);
    expect(fit.interval!.low).toBeGreaterThan(1);
    expect(fit.interval!.low).toBeLessThan(fit.temperature as number);
    expect(fit.interval!.high).toBeGreaterThan(fit.temperature as number);
    expect(fit.after.loss).toBeLessThan(fit.before.loss);
    expect(fit.after.calibrationError).toBeLessThan(fit.before.calibrationError / 2);
    for (const { bins, calibrationError } of [fit.before, fit.after]) {
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(tokens);
      const errors = bins.map(
        (bin) => (bin.count * Math.abs(bin.accuracy - bin.confidence)) / tokens,
      );
      expect(errors.reduce((sum, error) => sum + error)).toBeCloseTo(calibrationError, 9);
    }
  });

  it('is told as tables and a plot', async () => {
    const { code, stdout } = await kelvin(['calibrate'], { input: story });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^temperature +1 +\d\.\d{4}$/m);
    expect(stdout).toMatch(/^95 % interval +\d\.\d{4} to \d\.\d{4}$/m);
    expect(stdout).toMatch(/^loss, nats +\d\.\d{4} +\d\.\d{4}$/m);
    expect(stdout).toMatch(/^calibration error +0\.\d{4} +0\.\d{4}$/m);
    expect(stdout).toMatch(/^90% to 100% +\d+ +9\d% +\d+%/m);
    expect(stdout).toContain('\nconverged; ');
    // The plot: both signs in the field between the axes.
    for (const sign of ['○', '●']) expect(stdout).toMatch(new RegExp(`│.*${sign}`));
    expect(stdout).not.toContain('\u001B');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has colours in a pipe where they are asked for, and none against NO_COLOR', async () => {
    const run = (env: Record<string, string>) => kelvin(['calibrate'], { input: story, env });
    const [forced, refused] = await Promise.all([
      run({ FORCE_COLOR: '2' }),
      run({ FORCE_COLOR: '2', NO_COLOR: '1' }),
    ]);
    expect(forced.stdout).toContain('\u001B[0;38;5;');
    expect(refused.stdout).not.toContain('\u001B');
  });

  it('says so where colder is always better', async () => {
    const { summary } = await generated(['', '-n', '40', '--temperature', '0']);
    const [json, text] = await Promise.all([
      told([], summary.text),
      kelvin(['calibrate'], { input: summary.text }),
    ]);
    expect(json).toMatchObject({ temperature: 0, converged: false });
    expect(json.interval).toBeUndefined();
    expect(json.after.loss).toBe(0);
    expect(text.stdout).toContain('no best temperature: every token is the likeliest one');
    expect(text.stdout).not.toContain('interval');
  });

  it('says so where the text does not tell whether another temperature than 1 is better', async () => {
    const { summary } = await generated(['Once', '-n', '60', '--seed', '3', '--temperature', '1']);
    const text = `Once${summary.text}`;
    const [json, { stdout }] = await Promise.all([
      told([], text),
      kelvin(['calibrate'], { input: text }),
    ]);
    expect(json.interval!.low).toBeLessThan(1);
    expect(json.interval!.high).toBeGreaterThan(1);
    expect(stdout).toContain('converged; 1 is in the interval: ');
  });

  it('says so where hotter is always better', async () => {
    const unlikely = '\u0011\u0012';
    const [json, text] = await Promise.all([
      told([], unlikely),
      kelvin(['calibrate'], { input: unlikely }),
    ]);
    expect(json).toMatchObject({ temperature: 'Infinity', converged: false });
    expect(json.after.loss).toBeCloseTo(Math.log(2048), 6);
    expect(text.stdout).toContain('no best temperature: the tokens are no likelier than others');
    expect(text.stdout).toMatch(/^temperature +1 +inf$/m);
  });
});

describe.skipIf(spawnSync('tmux', ['-V']).error)('calibrate in a terminal', () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await Terminal.open(80, 50);
  });
  afterAll(() => terminal.close());

  it('tells how far it is, and no result after Ctrl-C', async () => {
    terminal.type(`calibrate ${file(LONG)}`);
    await terminal.shows(/\d+ of \d+ tokens/);
    terminal.press('C-c');
    const bytes = await terminal.shows(/code=\d/);
    expect(bytes).toContain('interrupted');
    expect(bytes).toContain('code=130');
    expect(bytes).not.toContain('temperature');
    expect(terminal.screen()).not.toContain(' of ');
  });

  it('draws its plot in colour', async () => {
    terminal.type(`calibrate ${file(story)}`);
    const bytes = await terminal.shows(/code=\d/);
    expect(bytes).toContain('\u001B[0;38;5;110m○');
    expect(terminal.screen()).toMatch(/○ before {2}● after/);
  });
});
