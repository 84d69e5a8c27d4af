import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Asked } from '../asked.ts';
import { type Plan, type Row, spread } from '../row.ts';
import type { PlainTasks } from '../serve-plain.ts';
import { fifty, PROMPT, type Subject, story, wide } from '../setting.ts';
import { Terminal } from '../terminal.ts';
import type { Wrote } from '../wrote.ts';

/** The same texts with the screen and without, in turn: milliseconds a token, and of all threads. */
export async function speed(plan: Plan): Promise<Row[]> {
  const rows: Row[] = [];
  for (const subject of [story, fifty(plan.quick)]) rows.push(...(await compare(subject, plan)));
  return rows;
}

async function compare(subject: Subject, plan: Plan): Promise<Row[]> {
  const { name } = subject;
  const times = { with: new Times(), without: new Times() };
  // The process that loads its model second is up to 7 % faster for as long as it lives.
  const orders = [await inTurn(subject, plan, true), await inTurn(subject, plan, false)];
  for (let round = 0; round < plan.rounds; round++) {
    times.with.add(orders.flatMap((rounds) => rounds[round]!.shown));
    times.without.add(orders.flatMap((rounds) => rounds[round]!.plain));
  }
  const row = (at: string, kind: 'later' | 'all'): Row => ({
    ...{ name: 'speed', model: name, at, unit: 'ms a token' },
    quantities: Object.fromEntries(
      Object.entries(times).flatMap(([side, time]) => [
        [side, spread(time[kind].wall)],
        [`${side}, cpu`, spread(time[kind].cpu)],
        [`${side}, model's thread`, spread(time[kind].behind)],
      ]),
    ),
  });
  return [row('writing', 'later'), row('with the prompt', 'all')];
}

interface Round {
  readonly shown: readonly Wrote[];
  readonly plain: readonly Wrote[];
}

/** Rounds of the same texts in two processes, one of which is there first. */
async function inTurn(
  subject: Subject,
  { threads, rounds }: Plan,
  screenFirst: boolean,
): Promise<Round[]> {
  const { name, folder } = subject;
  const early = screenFirst ? await Terminal.open(folder, threads, wide) : undefined;
  const bare = await openPlain(folder, threads);
  const terminal = early ?? (await Terminal.open(folder, threads, wide));
  const all: Round[] = [];
  // One more than is counted: the first is for the compilers and the caches.
  for (let round = -1; round < rounds; round++) {
    const shown = await write(subject, round, (...args) => terminal.ask('write', ...args));
    await terminal.quiet();
    const plain = await write(subject, round, (...args) => bare.asked.ask('write', ...args));
    shown.forEach(({ text }, i) => {
      if (text !== plain[i]!.text) throw new Error(`${name}: the screen's text is another one`);
    });
    if (round >= 0) all.push({ shown, plain });
  }
  await terminal.close();
  bare.process.kill('SIGKILL');
  await once(bare.process, 'exit');
  return all;
}

/** A few texts in a row. */
async function write(
  { tokens, texts }: Subject,
  round: number,
  ask: (prompt: string, seed: number, tokens: number) => Promise<Wrote>,
): Promise<Wrote[]> {
  const written: Wrote[] = [];
  for (let i = 0; i < texts; i++) written.push(await ask(PROMPT, 2 + round * texts + i, tokens));
  for (const text of written)
    if (text.tokens !== tokens) throw new Error(`${text.tokens} tokens where ${tokens} were asked`);
  return written;
}

/** Of each round, what a token took. */
class Times {
  readonly later = { wall: [] as number[], cpu: [] as number[], behind: [] as number[] };
  readonly all = { wall: [] as number[], cpu: [] as number[], behind: [] as number[] };

  add(texts: readonly Wrote[]): void {
    const sum = (of: (text: Wrote) => number) => texts.reduce((total, text) => total + of(text), 0);
    for (const kind of ['wall', 'cpu', 'behind'] as const) {
      this.later[kind].push(sum(({ later }) => later[kind]) / sum(({ later }) => later.tokens));
      this.all[kind].push(sum(({ all }) => all[kind]) / sum(({ tokens }) => tokens));
    }
  }
}

async function openPlain(
  folder: string,
  threads: number,
): Promise<{ readonly process: ChildProcess; readonly asked: Asked<PlainTasks> }> {
  const serve = fileURLToPath(new URL('../serve-plain.ts', import.meta.url));
  const process = fork(serve, [folder, String(threads)], {
    stdio: ['ignore', 2, 2, 'ipc'],
    // In a session of its own, as the screen is: Linux shares the processor out by session.
    detached: true,
  });
  const asked = new Asked<PlainTasks>(process);
  await asked.reply();
  return { process, asked };
}
