import type { TextCalibration } from '../generation/calibrate.ts';
import { loadModel } from '../generation/load-model.ts';
import { readModelFolder } from '../model/folder.ts';
import { isAddress } from '../model/remote/address.ts';
import { reliabilityPlot } from './calibrate/plot.ts';
import { fitTable, isConverged, key, reliabilityTable } from './calibrate/report.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import { LiveLine } from './live-line.ts';
import type { ModelFlags } from './model-flags.ts';
import { painter } from './painter.ts';
import { readText, tokensOf } from './read-text.ts';
import { lineRoom, say, write, writePainted } from './streams.ts';

export interface CalibrateFlags extends ModelFlags {
  readonly json?: boolean;
}

/** Tells at which temperature the model explains a text best. */
export async function runCalibrate(file: string | undefined, flags: CalibrateFlags): Promise<void> {
  if (!isAddress(flags.model)) await readModelFolder(flags.model);
  const text = await readText(file);
  const { dtype, threads } = flags;
  const model = await loadModel(flags.model, { dtype, threads });
  const line = new LiveLine();
  try {
    const tokens = await tokensOf(model, text);
    await interruptible(async (signal) => {
      try {
        const result = await model.calibrate(tokens, signal, (read, total) =>
          line.draw(`${read} of ${total} tokens`),
        );
        line.clear();
        const { name, file, dtype } = model.info;
        const converged = isConverged(result);
        if (flags.json)
          return void (await write(
            jsonLine({ model: { name, file, dtype }, converged, ...result }),
          ));
        await writePainted(report(result));
      } catch (cause) {
        line.clear();
        if (!signal.aborted) throw cause;
        say('interrupted\n');
      }
    });
  } finally {
    await model.dispose();
  }
}

function report(result: TextCalibration): string {
  const paint = painter();
  const room = lineRoom();
  const plot = [...reliabilityPlot(result.before, result.after, room), key(room)]
    .map((line) => `${paint(line).trimEnd()}\n`)
    .join('');
  return [fitTable(result, room), reliabilityTable(result, room), plot].join('\n');
}
