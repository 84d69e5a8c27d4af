import { type Plan, type Row, spread } from '../row.ts';
import { PROMPT, story, wide } from '../setting.ts';
import { Terminal } from '../terminal.ts';

const TEXT = 400;

/** What a session takes that has written very much, as branches of one prompt. */
export async function memory({ quick, threads }: Plan): Promise<Row[]> {
  const { name, folder } = story;
  const terminal = await Terminal.open(folder, threads, wide);
  await terminal.ask('write', PROMPT, 1, TEXT);
  const rows: Row[] = [];
  for (const tokens of quick ? [1000, 2000] : [1000, 10_000, 20_000]) {
    await terminal.ask('fill', tokens, TEXT);
    await terminal.quiet();
    const { resident, heap } = await terminal.ask('memory');
    rows.push({
      ...{ name: 'memory', model: name, at: `${tokens} tokens`, unit: 'MB' },
      quantities: { resident: spread([resident]), 'heap of the main thread': spread([heap]) },
    });
  }
  await terminal.close();
  return rows;
}
