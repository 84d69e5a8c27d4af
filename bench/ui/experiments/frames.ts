import { type Plan, type Row, spread } from '../row.ts';
import { fifty, nameOf, PROMPT, standard, story, wide } from '../setting.ts';
import { Terminal } from '../terminal.ts';

/** What a frame takes of the main thread while text is written, and how much of it is written. */
export async function frames({ quick, threads }: Plan): Promise<Row[]> {
  const seconds = quick ? 2 : 12;
  const rows: Row[] = [];
  for (const cells of [standard, wide])
    for (const { name, folder } of [story, fifty(quick)]) {
      const terminal = await Terminal.open(folder, threads, cells);
      await terminal.ask('begin', PROMPT, 1, 2000);
      // Its context must not be full before the end.
      if (name === story.name) await terminal.ask('pace', 30);
      // The first frames are drawn by code that is not compiled yet.
      await terminal.ask('frames', seconds / 4);
      const { frames, main } = await terminal.ask('frames', seconds);
      if (frames.length === 0) throw new Error(`${name}: nothing was drawn`);
      await terminal.close();
      const row = (unit: string, quantities: Row['quantities']): Row => ({
        ...{ name: 'frame', model: name, at: nameOf(cells), unit },
        quantities,
      });
      rows.push(
        row('ms', { draw: spread(frames.map(({ ms }) => ms)) }),
        row('bytes', { written: spread(frames.map(({ bytes }) => bytes)) }),
        row('a second', {
          frames: spread([frames.length / seconds]),
          'ms of main thread': spread([main / seconds]),
        }),
        row('times', { clears: spread([terminal.clears]) }),
      );
    }
  return rows;
}
