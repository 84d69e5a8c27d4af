import type { Command } from '../commands.ts';
import { candidatesOf } from './candidates-of.ts';
import { Comparison } from './comparison.ts';
import { wayBack, wayOn } from './stride.ts';
import type { Stride, Studio } from './studio.ts';
import type { Tuner } from './tuner.ts';
import { writeMenu } from './write-menu.ts';

type Act = (studio: Studio, tuner: Tuner, key: string) => void | Promise<void>;

const PACES = [1, 2, 5, 10, 20, 50, Number.POSITIVE_INFINITY];
const STRIDES: readonly Stride[] = ['token', 'word', 'sentence'];

/** What commands about the text do. */
export const textActs: { readonly [name in Command]?: Act } = {
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
