import { reason } from '../../model/reason.ts';
import type { Command, Mode } from '../commands.ts';
import { commandOf } from '../keys.ts';
import { suspend } from '../terminal/lifecycle.ts';
import { candidatesOf } from './candidates-of.ts';
import { Comparison } from './comparison.ts';
import { edit } from './editor.ts';
import { modelMenu } from './model-menu.ts';
import { wayBack, wayOn } from './stride.ts';
import type { Stride, Studio } from './studio.ts';
import type { Tuner } from './tuner.ts';
import { writeMenu } from './write-menu.ts';

type Act = (studio: Studio, key: string) => void | Promise<void>;
type TextAct = (studio: Studio, tuner: Tuner, key: string) => void | Promise<void>;

const PACES = [1, 2, 5, 10, 20, 50, Number.POSITIVE_INFINITY];
const STRIDES: readonly Stride[] = ['token', 'word', 'sentence'];

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
  const ofFrame = FRAME[command];
  if (ofFrame) return ofFrame(studio, key);
  const { tuner, comparison } = studio;
  if (!tuner) return;
  if (tuner.turn(command, key)) {
    comparison?.right.set(tuner.settings.options);
    return;
  }
  // While a prompt is read there is nothing to walk in yet, but the knobs turn.
  if (tuner.phase === 'reading' && command !== 'play')
    return studio.say('the prompt is still being read');
  return TEXT[command]?.(studio, tuner, key);
}

/** What is about the screen. */
const FRAME: { readonly [name in Command]?: Act } = {
  quit: (studio) => studio.close(),
  suspend,
  help: (studio) => studio.help(),
  back: (studio) => {
    if (studio.overlay === 'help') studio.help();
    else if (studio.overlay === 'sweep' && studio.sweeping?.isRunning) studio.sweeping.close();
    else studio.goBack();
  },
  leaveSweep: (studio) => studio.goBack(),
  previousItem: (studio) => studio.scroll(-1),
  nextItem: (studio) => studio.scroll(1),
  accept: (studio) => {
    const { editing, menu } = studio;
    studio.goBack();
    if (editing) return editing.take(editing.text);
    return menu?.items[menu.index]?.take();
  },
  editPrompt: (studio) => {
    const { tuner } = studio;
    const text = tuner?.prompt ?? studio.opening.prompt;
    tuner?.rest();
    studio.edit('prompt', text, (prompt) => {
      if (tuner) studio.begin(tuner.model, prompt);
      else studio.opening = { ...studio.opening, prompt };
    });
  },
  chooseModel: async (studio) => studio.choose(await modelMenu(studio)),
};

/** What is about the text. */
const TEXT: { readonly [name in Command]?: TextAct } = {
  play: (studio, tuner) => {
    studio.selected = undefined;
    tuner.play();
    if (tuner.phase === 'reading')
      studio.say(tuner.playsOn ? 'plays when the prompt is read' : 'rests when the prompt is read');
  },
  pause: (_, tuner) => tuner.rest(),
  rewind: (studio, tuner) => walk(studio, () => tuner.goTo(wayBack(tuner.timeline, studio.stride))),
  step: (studio, tuner) =>
    walk(studio, () => {
      const place = wayOn(tuner.timeline, studio.stride);
      if (place > tuner.timeline.place) tuner.goTo(place);
      else tuner.draw();
    }),
  rewindToStart: (studio, tuner) => walk(studio, () => tuner.goTo(0)),
  stepToEnd: (studio, tuner) => walk(studio, () => tuner.goTo(tuner.timeline.written.length)),
  previousCandidate: (studio, tuner) => select(studio, tuner, -1),
  nextCandidate: (studio, tuner) => select(studio, tuner, 1),
  branch: (studio, tuner) => {
    const { selected } = studio;
    studio.selected = undefined;
    if (selected === undefined) return tuner.play();
    return tuner.choose(selected);
  },
  slower: (studio, tuner) => pace(studio, tuner, -1),
  faster: (studio, tuner) => pace(studio, tuner, 1),
  smallerSteps: (studio) => stride(studio, -1),
  largerSteps: (studio) => stride(studio, 1),
  previousBranch: (studio, tuner) => walk(studio, () => tuner.switchBranch(-1)),
  nextBranch: (studio, tuner) => walk(studio, () => tuner.switchBranch(1)),
  axes: (studio) => {
    studio.axes = studio.axes === 'step' ? 'text' : 'step';
  },
  explain: (studio, tuner) => {
    tuner.rest();
    tuner.viewer.explain(studio.selected);
    studio.show('explain');
  },
  compare: (studio, tuner) => {
    tuner.rest();
    const { model, prompt, settings, limit } = tuner;
    const comparison = new Comparison(model, prompt, settings.first, settings.options, limit);
    comparison.pace = tuner.pace;
    comparison.subscribe(() => studio.changed());
    studio.comparison = comparison;
    studio.show('compare');
  },
  sweep: (studio, tuner) => {
    if (!studio.sweeping?.isRunning) studio.sweep(tuner);
    studio.show('sweep');
  },
  writeAgain: (studio) => studio.comparison?.writeAgain(),
  write: (studio, tuner) => studio.choose(writeMenu(studio, tuner)),
};

function walk(studio: Studio, go: () => void): void {
  studio.selected = undefined;
  go();
}

function select(studio: Studio, tuner: Tuner, steps: number): void {
  const tokens = candidatesOf(tuner.viewer.view);
  const at = tokens.indexOf(studio.selected ?? tuner.viewer.view?.drawn ?? -1);
  const index = Math.max(0, Math.min(tokens.length - 1, at + steps));
  studio.selected = tokens[index] ?? studio.selected;
  if (studio.overlay === 'explain') tuner.viewer.explain(studio.selected);
}

function pace(studio: Studio, tuner: Tuner, steps: number): void {
  const at = PACES.indexOf(tuner.pace) + steps;
  tuner.setPace(PACES[Math.max(0, Math.min(PACES.length - 1, at))]!);
  if (studio.comparison) studio.comparison.pace = tuner.pace;
  studio.say(
    Number.isFinite(tuner.pace)
      ? `at most ${tuner.pace} ${tuner.pace === 1 ? 'token' : 'tokens'} a second`
      : 'as fast as they come',
  );
}

function stride(studio: Studio, steps: number): void {
  const at = STRIDES.indexOf(studio.stride) + steps;
  studio.stride = STRIDES[Math.max(0, Math.min(STRIDES.length - 1, at))]!;
  studio.say(`steps of a ${studio.stride}`);
}
