import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { decoder } from '../../model/decoders/decoder.ts';
import { tinyLlama } from '../../model/decoders/shape.ts';

const program = fileURLToPath(new URL('memory-process.ts', import.meta.url));
const TOKENS = 20_000;
const MIB = 2 ** 20;

interface Measured {
  readonly written: number;
  readonly heap: number;
  readonly rss: number;
}

it('keeps little of each of 20,000 tokens, on ten branches', async () => {
  const small = { layers: 1, width: 16, heads: 2, kvHeads: 1, inner: 16, context: 2100 };
  const { folder } = decoder({ ...tinyLlama, ...small });
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--expose-gc', '--import', 'tsx', program, folder, `${TOKENS}`],
  ]);
  const measured: Measured[] = JSON.parse(stdout);
  expect(measured.map(({ written }) => written)).toEqual(
    Array.from({ length: 10 }, (_, i) => ((i + 1) * TOKENS) / 10),
  );
  const [first, middle, last] = [measured[0]!, measured[4]!, measured[9]!];
  const tokens = last.written - first.written;
  // What is written, its place in the tree, and what is seen of it: no logits.
  expect((last.heap - first.heap) / tokens).toBeLessThan(1500);
  // The rows that are kept have their fill by the middle.
  expect(last.rss - middle.rss).toBeLessThan(64 * MIB);
  expect(last.rss - first.rss).toBeLessThan(200 * MIB);
});
