import { commandOf } from '../keys.ts';
import { press } from '../state/press.ts';
import type { Studio } from '../state/studio.ts';
import { nowOf } from '../subjects.ts';
import { changes } from './changes.ts';
import { keySentences } from './keys.ts';
import { measuredSentences } from './measured.ts';
import { type Moment, momentOf } from './moment.ts';
import { nextSentences } from './next.ts';
import { settingsWords, stays } from './settings.ts';
import { Story } from './story.ts';
import { context, whereabouts } from './whereabouts.ts';
import { capital } from './words.ts';

/** Tells in sentences what the screen would show. */
export class Narrator {
  readonly #studio: Studio;
  readonly #story = new Story();
  #told: Moment;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#told = momentOf(studio);
  }

  /** What has changed since it was asked the last time. */
  hear(): string[] {
    const told = this.#told;
    const now = momentOf(this.#studio);
    this.#told = now;
    return [...this.#story.follow(now), ...changes(told, now)];
  }

  /** Where one is, for who has just come. */
  survey(): string[] {
    const now = momentOf(this.#studio);
    return [
      ...(now.place > 0 ? [`The text ends: ${context(now)}`] : []),
      whereabouts(now),
      ...(now.model === undefined ? [] : [`${capital(settingsWords(now.options, now.knobs))}.`]),
      'Question mark tells the keys.',
      ...(now.view ? [nextSentences(now.view)] : []),
    ];
  }

  /**
   * Does what a key asks for.
   *
   * @returns what it has to say at once: the answer to a question, or why nothing changes
   */
  press(key: string, input: string): string[] {
    const studio = this.#studio;
    const { mode, settings, tuner } = studio;
    const command = commandOf(key, mode);
    if (command === 'help') return keySentences(mode);
    if (command === 'repaint') return this.survey();
    if (command === 'axes') return measuredSentences(nowOf(studio));
    const { options } = settings;
    press(studio, key, input);
    if ((command === 'rewind' || command === 'rewindToStart') && this.#told.place === 0)
      return tuner ? ['This is the start of the text.'] : [];
    const knob = settings.knobs.find(({ option }) => command?.replace(/Down$|Up$/, '') === option);
    return knob && settings.options === options ? [stays(knob, options)] : [];
  }
}
