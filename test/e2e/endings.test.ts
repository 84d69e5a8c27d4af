import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kelvin, start } from './kelvin.ts';
import { joined, told } from './ndjson.ts';

const COLD = ['Tom had a dog', '--temperature', '0'];
// The embedded model's end token: without it a text goes on until something else ends it.
const ENDLESS = ['--logit-bias', '0=-inf'];

describe.concurrent('how a text ends', () => {
  it('before a stop text, even one that several tokens write', async () => {
    const { steps, summary } = await told([...COLD, '-n', '30']);
    // The end of one token's text and the beginning of the next one's.
    const at = steps.findIndex(({ text }, index) => index > 3 && /\w\w/.test(text));
    const before = joined(steps.slice(0, at));
    const stop = before.slice(-2) + steps[at]!.text.slice(0, 2);
    const cut = summary.text.indexOf(stop);
    const [plain, stopped] = await Promise.all([
      kelvin(['generate', ...COLD, '--stop', stop]),
      told([...COLD, '--stop', 'no such text', '--stop', stop]),
    ]);
    expect(plain.stdout).toBe(summary.text.slice(0, cut));
    expect(joined(stopped.steps)).toBe(plain.stdout);
    expect(stopped.summary).toMatchObject({ finishReason: 'stop', stop });
    expect(plain.stderr).toContain('stop text met');
  });

  it('with nothing written at --max-tokens 0', async () => {
    const { steps, summary } = await told([...COLD, '-n', '0']);
    expect(steps).toEqual([]);
    expect(summary).toMatchObject({ text: '', tokens: 0, finishReason: 'length' });
  });

  it('where the context is full', async () => {
    const prompt = 'once upon a time '.repeat(100);
    const { promptTokens } = (await told([prompt, '-n', '0'])).summary;
    const { steps, summary } = await told([prompt, '-n', '9999', ...ENDLESS]);
    expect(summary.finishReason).toBe('context');
    expect(steps).toHaveLength(summary.tokens);
    // The last token is written, but no longer read.
    expect(promptTokens + summary.tokens).toBe(512 + 1);
  });

  it('with the model’s own end', async () => {
    const { steps, summary } = await told([...COLD, '-n', '3', '--logit-bias', '0=1000']);
    expect(summary).toMatchObject({ finishReason: 'end', tokens: 1, text: '' });
    expect(steps).toMatchObject([{ token: 0, text: '' }]);
  });
});

describe('a reader that goes away', () => {
  // Several times: the model's thread must not be stopped wherever it is just then.
  it.each([1, 2, 3, 4, 5, 6])('ends the process quietly, time %i', async () => {
    const { child, ended } = start(['generate', 'Once', '-n', '500', ...ENDLESS]);
    child.stdout.once('data', () => child.stdout.destroy());
    // Nothing on stderr: not the summary of a text that was written to its end, nor an error.
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('is an error where the disk is full', async () => {
    const stdout = openSync('/dev/full', 'w');
    const runs = await Promise.all([
      kelvin(['generate', 'Once', '-n', '5'], { stdout }),
      kelvin(['models', 'list'], { stdout }),
    ]);
    closeSync(stdout);
    for (const run of runs) {
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(/^kelvin: cannot write to stdout: ENOSPC: no space left.*\n$/);
    }
  });
});
