import { type Plan, type Row, spread } from '../row.ts';
import { PROMPT, story, wide } from '../setting.ts';
import { Terminal } from '../terminal.ts';

/** What a screen takes at which nothing happens. */
export async function idle({ quick, threads, rounds }: Plan): Promise<Row[]> {
  const { name, folder } = story;
  const seconds = quick ? 2 : 10;
  const terminal = await Terminal.open(folder, threads, wide);
  await terminal.ask('begin', PROMPT, 1, 500);
  await terminal.ask('settle', 100);
  await terminal.quiet();
  const measured: { readonly cpu: number; readonly wakeups: number }[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await terminal.ask('idle', seconds));
  await terminal.close();
  const row = (unit: string, of: 'cpu' | 'wakeups'): Row => ({
    ...{ name: 'idle', model: name, at: `${seconds} s paused`, unit },
    quantities: { [of]: spread(measured.map((one) => one[of])) },
  });
  return [row('ms', 'cpu'), row('times', 'wakeups')];
}
