import { reason } from '../../model/reason.ts';
import type { Command, Mode } from '../commands.ts';
import { commandOf } from '../keys.ts';
import { edit } from './editor.ts';
import { screenActs } from './screen-acts.ts';
import type { Studio } from './studio.ts';
import { textActs } from './text-acts.ts';

/** Does what a key asks for. What cannot be done is said on the screen, and changes nothing. */
export function press(studio: Studio, key: string, input: string): void {
  const command = commandOf(key, studio.mode);
  const fail = (cause: unknown) => studio.say(reason(cause), true);
  try {
    if (command) {
      studio.notice = undefined;
      void act(studio, command, key)?.catch(fail);
    } else if (studio.mode === 'edit') {
      studio.editing = { ...studio.editing!, ...edit(studio.editing!, key, input) };
    } else {
      const hint = hintFor(key, studio);
      if (hint) studio.say(hint);
    }
  } catch (cause) {
    fail(cause);
  }
  studio.changed();
}

/** What to do first, for a key that does something elsewhere. */
function hintFor(key: string, { mode, tuner, error }: Studio): string | undefined {
  const isFor = (other: Mode) => commandOf(key, other) !== undefined;
  if (mode === 'empty' && (isFor('play') || isFor('pause'))) {
    if (tuner) return 'e writes another prompt, l loads another model';
    return error ? 'l loads another model' : 'the model is still loading';
  }
  if (mode === 'play' && isFor('pause')) return 'that is for a text at rest: space pauses it';
  const isOver = mode !== 'play' && mode !== 'pause';
  if (isOver && (isFor('play') || isFor('pause')))
    return 'that is for the text: esc goes back to it';
  return undefined;
}

/** Takes what was pasted: text where text is written, and nothing elsewhere. */
export function paste(studio: Studio, text: string): void {
  const { editing } = studio;
  studio.notice = undefined;
  if (editing) studio.editing = { ...editing, ...edit(editing, 'paste', text) };
  else studio.say('pasted text is for the prompt: press e, then paste');
  studio.changed();
}

function act(studio: Studio, command: Command, key: string): void | Promise<void> {
  const ofScreen = screenActs[command];
  if (ofScreen) return ofScreen(studio, key);
  const { tuner, comparison } = studio;
  if (!tuner) return;
  if (tuner.turn(command, key)) {
    comparison?.right.set(tuner.settings.options);
    return;
  }
  // While a prompt is read there is nothing to walk in yet, but the knobs turn.
  if (tuner.phase === 'reading' && command !== 'play')
    return studio.say('the prompt is still being read');
  return textActs[command]?.(studio, tuner, key);
}
