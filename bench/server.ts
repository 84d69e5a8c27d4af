/**
 * The server with one streaming client and with many; see README.md.
 *
 *   npm run bench:server [-- --clients 32] [--parallel 16] [--rounds 5]
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantile } from './interleave.ts';
import { machine } from './machine.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '32' },
    parallel: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '5' },
  },
});
const CLIENTS = Number(values.clients);
const ROUNDS = Number(values.rounds);
const TOKENS = 128;
/** What is promised of all of them together against one alone. */
const BAR = 2.5;

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const server = spawn(
  process.execPath,
  [main, 'serve', '--port', '0', '--parallel', values.parallel],
  {
    stdio: ['ignore', 'ignore', 'pipe'],
  },
);

/** Where it listens, once the model is there. */
async function address(): Promise<string> {
  let url = '';
  for await (const line of createInterface({ input: server.stderr })) {
    const { msg, url: told } = JSON.parse(line);
    url ||= told;
    if (msg === 'ready') break;
  }
  // Its log must not fill the pipe.
  server.stderr.resume();
  return url;
}
const url = await address();

interface Client {
  /** Milliseconds from the request to its first token. */
  readonly first: number;
  /** Milliseconds between one token and the next. */
  readonly gaps: readonly number[];
}

/** One client: asks for a text and reads it as it comes. */
async function client(seed: number): Promise<Client> {
  const body = JSON.stringify({
    ...{ prompt: 'Once upon a time', max_tokens: TOKENS, min_new_tokens: TOKENS, seed },
    ...{ temperature: 0.8, top_p: 0.95, stream: true },
  });
  const headers = { 'content-type': 'application/json' };
  const started = performance.now();
  const answer = await fetch(`${url}/v1/completions`, { method: 'POST', headers, body });
  const decoder = new TextDecoder();
  let text = '';
  let before = started;
  const gaps: number[] = [];
  for await (const bytes of answer.body!) {
    text += decoder.decode(bytes, { stream: true });
    const events = text.split('\n\n');
    text = events.pop()!;
    for (const event of events) {
      if (!event.includes('"finish_reason":null')) continue;
      const now = performance.now();
      gaps.push(now - before);
      before = now;
    }
  }
  const [first, ...rest] = gaps;
  return { first: first!, gaps: rest };
}

interface Round {
  /** Tokens per second of all clients together. */
  readonly rate: number;
  readonly clients: readonly Client[];
}

async function round(count: number, seed: number): Promise<Round> {
  const started = performance.now();
  const clients = await Promise.all(Array.from({ length: count }, (_, i) => client(seed + i)));
  const seconds = (performance.now() - started) / 1000;
  return { rate: (count * TOKENS) / seconds, clients };
}

for (let i = 0; i < 3; i++) await round(CLIENTS, i);
const one: Round[] = [];
const many: Round[] = [];
// In turn, so that a machine that slows down does so for both.
for (let i = 0; i < ROUNDS; i++) {
  for (let j = 0; j < 4; j++) one.push(await round(1, 1000 + i));
  many.push(await round(CLIENTS, 2000 + i));
}
server.kill('SIGTERM');

const told = (rounds: readonly Round[]) => {
  const gaps = rounds.flatMap(({ clients }) => clients.flatMap(({ gaps }) => gaps));
  const firsts = rounds.flatMap(({ clients }) => clients.map(({ first }) => first));
  return {
    tokensPerSecond: quantile(
      rounds.map(({ rate }) => rate),
      0.5,
    ),
    firstToken: { median: quantile(firsts, 0.5), p99: quantile(firsts, 0.99) },
    gap: { median: quantile(gaps, 0.5), p99: quantile(gaps, 0.99) },
  };
};
const report = {
  clients: CLIENTS,
  parallel: Number(values.parallel),
  one: told(one),
  many: told(many),
};
const ratio = report.many.tokensPerSecond / report.one.tokensPerSecond;
const line = (name: string, { tokensPerSecond, firstToken, gap }: typeof report.one) =>
  `${name.padEnd(12)}${tokensPerSecond.toFixed(0).padStart(6)} tokens/s, first token ${firstToken.median.toFixed(1)} ms (p99 ${firstToken.p99.toFixed(1)}), between tokens ${gap.median.toFixed(2)} ms (p99 ${gap.p99.toFixed(1)})`;
console.log(line('1 client', report.one));
console.log(line(`${CLIENTS} clients`, report.many));
console.log(
  `together ${ratio.toFixed(2)} × one alone, ${ratio >= BAR ? 'within' : 'NOT within'} the bar of ${BAR}`,
);

const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
writeFileSync(
  new URL('server.json', results),
  `${JSON.stringify({ machine: machine(), ...report, ratio, bar: BAR }, null, 1)}\n`,
);
