import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { start } from './kelvin.ts';

// Where the memory of another process can be read.
const isLinux = process.platform === 'linux';
const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

it.runIf(isLinux)('two thousand requests leave no memory taken', async () => {
  const { child, ended } = start(['serve', '--port', '0']);
  let url = '';
  for await (const line of createInterface({ input: child.stderr })) {
    const { msg, url: told } = JSON.parse(line);
    url ||= told;
    if (msg === 'ready') break;
  }
  child.stderr.resume();
  const ask = async (i: number) => {
    const body = JSON.stringify({
      ...{ prompt: `Once upon a time ${i}`, max_tokens: 4, seed: i, stream: i % 2 === 0 },
      ...(i % 5 === 0 && { top_p: 7 }),
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const answer = await fetch(`${url}/v1/completions`, init);
    // Some leave before the end.
    if (i % 7 === 0) await answer.body?.cancel();
    else await answer.text();
  };
  const asked = async (from: number, to: number) => {
    let next = from;
    const one = async () => {
      while (next < to) await ask(next++);
    };
    await Promise.all(Array.from({ length: 16 }, one));
  };
  await asked(0, 500);
  const before = residentMb(child.pid!);
  await asked(500, 2500);
  const after = residentMb(child.pid!);
  if (process.env.VERBOSE) console.log({ before, after });
  expect(after - before).toBeLessThan(40);
  child.kill('SIGTERM');
  await once(child, 'close');
  expect((await ended).code).toBe(0);
});
