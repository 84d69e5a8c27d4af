import { commandLine } from './export.ts';
import type { Studio } from './state/studio.ts';
import { tunedBy } from './state/write-menu.ts';

/** What one leaves the screen with. */
export interface Leaving {
  readonly text: string;
  /** The command that writes with the settings of the end. */
  readonly command: string;
}

/** What is there to take along; undefined where there was no text. */
export function leavingOf(studio: Studio): Leaving | undefined {
  const { tuner } = studio;
  if (!tuner) return undefined;
  const text = tuner.timeline.written.map((token) => token.text).join('');
  return { text: tuner.prompt + text, command: commandLine(tunedBy(studio, tuner)) };
}
