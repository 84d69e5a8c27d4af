import type { Store } from '../../../src/ui/state/store.ts';
import type { Studio } from '../../../src/ui/state/studio.ts';
import type { Tuner } from '../../../src/ui/state/tuner.ts';

/** Waits until something has become so. */
export function until(store: Store, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      forget();
      resolve();
    };
    const forget = store.subscribe(look);
    look();
  });
}

/** Waits until a text is at rest, and what is shown is what one looks at. */
export function atRest(tuner: Tuner): Promise<void> {
  return until(
    tuner,
    () =>
      tuner.phase !== 'reading' && !tuner.isPlaying && !tuner.isDrawing && !tuner.viewer.isStale,
  );
}

/** Presses keys one after another, each once all is at rest. */
export async function type(
  studio: Studio,
  press: typeof import('../../../src/ui/state/press.ts').press,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) {
    press(studio, key, key);
    await atRest(studio.tuner!);
  }
}
