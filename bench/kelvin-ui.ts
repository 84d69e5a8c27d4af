/**
 * All that the bench of the screen asks of kelvin; the one place to change when kelvin does. As in
 * kelvin.ts, it is the built library that is measured.
 */
import type * as kelvin from 'kelvin';
import type * as studios from '../src/ui/state/studio.ts';
import type { Opening, Studio } from '../src/ui/state/studio.ts';
import type * as screens from '../src/ui/tune.tsx';
import { distFolder } from './kelvin.ts';

export type { Opening, Studio };

const built = async <T>(path: string): Promise<T> => import(new URL(path, distFolder).href);

/** What `kelvin tune` shows, on this process's own terminal; `closed` when it is left. */
export async function openScreen(
  opening: Opening,
): Promise<{ readonly studio: Studio; readonly closed: Promise<unknown> }> {
  const { Studio } = await built<typeof studios>('ui/state/studio.js');
  const { tune } = await built<typeof screens>('ui/tune.js');
  const { open } = Studio.prototype;
  return new Promise((resolve) => {
    // The screen makes its own.
    Studio.prototype.open = async function (this: Studio) {
      Studio.prototype.open = open;
      await this.open();
      if (this.error) throw this.error;
      resolve({ studio: this, closed });
    };
    const closed = tune(opening, { glyphs: 'unicode', background: 'dark' });
  });
}

/** The same model without a screen, through the public door. */
export async function openPlain(model: string | undefined, threads: number) {
  const { generate, loadModel } = await built<typeof kelvin>('index.js');
  const loaded = await loadModel(model, { threads });
  return (prompt: string, options: Parameters<typeof generate>[2]) =>
    generate(loaded, prompt, options);
}
