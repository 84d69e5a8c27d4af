import { createKnobs } from '../../../src/ui/knobs.ts';
import type { Moment } from '../../../src/ui/spoken/moment.ts';
import { tokens } from '../panes/samples.ts';

/** The same as long as it is the same text. */
const TEXT = {};

export const knobs = createKnobs(4096);

/** Four tokens, numbered from 1. */
export const written = tokens(' upon a time, there').map((token, i) => ({ ...token, node: i + 1 }));

/** A text at rest behind its last token. */
export function moment(more: Partial<Moment> = {}): Moment {
  const place = more.place ?? written.length;
  return {
    mode: more.isPlaying ? 'play' : 'pause',
    model: 'story',
    phase: more.isPlaying ? 'playing' : 'paused',
    pause: 'asked',
    isPlaying: false,
    text: TEXT,
    prompt: 'Once',
    knobs,
    options: { temperature: 0.8, seed: 7 },
    written,
    node: written[place - 1]?.node ?? 0,
    branch: { number: 1, count: 1 },
    notice: undefined,
    error: undefined,
    remedy: undefined,
    view: undefined,
    struck: 0,
    selected: undefined,
    explanation: undefined,
    menu: undefined,
    editing: undefined,
    comparison: undefined,
    sweep: undefined,
    ...more,
    place,
  };
}
