import { setTimeout as pause } from 'node:timers/promises';
import { type Plan, type Row, type Spread, spread } from '../row.ts';
import { longPrompt, PROMPT, whole, wide } from '../setting.ts';
import { Terminal } from '../terminal.ts';

const PROMPT_TOKENS = 900;
/** Not in step with anything that is done at regular intervals. */
const between = () => pause(90 + Math.random() * 80);

/** The temperature's knob down and up, with what it then says. */
const turns = [
  ['t', '0.75'],
  ['T', '0.80'],
] as const;
const knob = (value: string) => new RegExp(`temperature[^\\n]{0,40}${value}`);
/** What the distribution on the screen was shaped with. */
const price = (value: string) => new RegExp(`${value} nats`);

/** From a key to the bytes that show its effect, on the model with a long step. */
export async function keys({ quick, threads }: Plan): Promise<Row[]> {
  const { name, folder } = whole(quick);
  const count = quick ? 6 : 30;
  const terminal = await Terminal.open(folder, threads, wide);
  const times = async (
    presses: readonly (readonly [key: string, shown: RegExp])[],
    ready: () => Promise<unknown>,
  ): Promise<Spread> => {
    const taken: number[] = [];
    for (let i = 0; i < count; i++) {
      await ready();
      taken.push(await terminal.time(...presses[i % presses.length]!));
    }
    return spread(taken);
  };
  const turned = (shown: (value: string) => RegExp) =>
    turns.map(([key, value]) => [key, shown(value)] as const);
  const rest = () => terminal.quiet();

  const long = longPrompt(PROMPT_TOKENS);
  await terminal.ask('begin', PROMPT, 1, 2000);
  await terminal.ask('settle', 40);
  const paused: Record<string, Spread> = {
    knob: await times(turned(knob), rest),
    'its effect': await times(turned(price), rest),
    rewind: await times(countdown(await terminal.ask('place'), count), rest),
    // The row of the one that is chosen, in reverse; no other has changed.
    pick: await times(
      ['\u001B[B', '\u001B[A'].map((arrow) => [arrow, /\[0;7m/] as const),
      rest,
    ),
  };
  await terminal.ask('begin', PROMPT, 1, 2000);
  await terminal.ask('frames', 1);
  const playing = {
    knob: await times(turned(knob), between),
    'its effect': await times(turned(price), between),
  };
  await terminal.ask('settle', 1);
  const reading: number[] = [];
  while (reading.length < count) {
    await terminal.ask('begin', long, 1, 5);
    await pause(200);
    for (let i = 0; reading.length < count; i++) {
      await between();
      const [key, value] = turns[i % 2]!;
      const time = await terminal.time(key, knob(value));
      if ((await terminal.ask('phase')) !== 'reading') break;
      reading.push(time);
    }
  }
  await terminal.close();
  const row = (at: string, quantities: Row['quantities']): Row => ({
    ...{ name: 'key', model: name, at, unit: 'ms' },
    quantities,
  });
  return [
    row('playing', playing),
    row('paused', paused),
    row('reading a prompt', { knob: spread(reading) }),
    {
      ...{ name: 'output', model: name, at: 'keys', unit: 'times' },
      quantities: { clears: spread([terminal.clears]) },
    },
  ];
}

/** Steps back, each with the place it leads to. */
const countdown = (place: number, count: number) =>
  Array.from(
    { length: count },
    (_, i) => ['\u001B[D', new RegExp(`${place - 1 - i} of ${place}`)] as const,
  );
