import type { Glyphs } from './line.ts';
import type { CandidatesSubject } from './panes/candidates.ts';
import type { CompareSubject } from './panes/compare.ts';
import type { FailurePane } from './panes/failure.ts';
import type { KnobsPane } from './panes/knobs.ts';
import type { NowSubject, TextNumbers } from './panes/now.ts';
import { bits } from './panes/numbers.ts';
import { type PlanePane, planeRange } from './panes/plane.ts';
import type { Range } from './panes/range.ts';
import type { RealisedPane } from './panes/realised.ts';
import type { StripSubject } from './panes/strip.ts';
import type { SweepPane } from './panes/sweep.ts';
import type { TextSubject } from './panes/text.ts';
import { presetOf } from './presets.ts';
import { settingsText } from './settings-text.ts';
import type { Metrics } from './state/metrics.ts';
import type { Studio } from './state/studio.ts';
import type { Tuner } from './state/tuner.ts';

// What each pane shows of the studio.

/** More tokens than the widest terminal has columns for. */
const STRIP = 512;

const NOTHING: TextSubject = { prompt: [], written: [], place: 0, isPlaying: false };

export function textOf({ tuner }: Studio): TextSubject {
  if (!tuner) return NOTHING;
  const { timeline, viewer, isPlaying } = tuner;
  const { marks } = viewer;
  return {
    prompt: tuner.read,
    written: timeline.written,
    place: timeline.place,
    isPlaying,
    ...(marks ? { marks } : {}),
  };
}

export function failureOf({ tuner, error }: Studio): FailurePane | undefined {
  if (tuner?.phase === 'failed')
    return {
      message: tuner.error!.message,
      remedy: 'e writes another prompt, l loads another model, q quits.',
    };
  if (!tuner && error) return { message: error.message, remedy: 'l loads another model, q quits.' };
  return undefined;
}

export function candidatesOf({ tuner, selected }: Studio): CandidatesSubject {
  const view = tuner?.viewer.view;
  return {
    vocabulary: tuner?.model.info.vocabularySize ?? 0,
    // While text runs, the list is a token or two behind it; nobody waits for it.
    ...(view ? { view, isStale: !tuner.isPlaying && tuner.viewer.isStale } : {}),
    ...(selected === undefined ? {} : { selected }),
  };
}

export function knobsOf({ settings }: Studio): KnobsPane {
  const { options, focus, knobs } = settings;
  const preset = presetOf(options);
  return {
    knobs,
    options,
    order: options.order ?? 'temperature-first',
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    inactive: settings.inactive,
    ...(focus ? { focus: focus.option } : {}),
    ...(preset ? { preset: preset.name } : {}),
  };
}

/** How far the axes go, so that they change only where they must. */
const ranges = new WeakMap<Tuner, Range>();

export function planeOf({ tuner }: Studio): PlanePane {
  if (!tuner) return { curve: [], trail: [] };
  const { viewer, reference } = tuner;
  const { view, trail } = viewer;
  const pane: PlanePane = {
    curve: view?.curve ?? [],
    trail,
    ...(view ? { now: view.now } : {}),
    ...(reference ? { reference } : {}),
  };
  const range = planeRange(pane, ranges.get(tuner));
  ranges.set(tuner, range);
  return { ...pane, range };
}

export function realisedOf({ tuner, sweeping }: Studio): RealisedPane {
  const { diversity, coherence } = tuner?.metrics.read() ?? {};
  return {
    points: sweeping?.points ?? [],
    ...(tuner?.ownText ? { reference: tuner.ownText } : {}),
    ...(coherence === undefined ? {} : { now: { diversity: diversity!, coherence } }),
  };
}

export function nowOf({ tuner }: Studio): NowSubject {
  const view = tuner?.viewer.view;
  const { numbers } = numbersOf(tuner?.metrics);
  return { ...(view ? { view } : {}), ...(numbers ? { text: numbers } : {}) };
}

function numbersOf(metrics: Metrics | undefined): { readonly numbers?: TextNumbers } {
  const { diversity, coherence, perplexity, loop } = metrics?.read() ?? {};
  if (coherence === undefined) return {};
  return {
    numbers: {
      diversity: diversity!,
      coherence,
      perplexity: perplexity!,
      ...(loop ? { loop } : {}),
    },
  };
}

export function stripOf({ tuner }: Studio): StripSubject {
  const { written = [], place = 0 } = tuner?.timeline ?? {};
  const from = Math.max(0, place - STRIP);
  const shown = written.slice(from, from + 2 * STRIP);
  return {
    bits: shown.map(({ logprob }) => bits(-logprob)),
    entropies: shown.map(({ entropy }) => bits(entropy)),
    place: place - from,
  };
}

export function compareOf({ tuner, comparison }: Studio, glyphs: Glyphs): CompareSubject {
  const { knobs } = tuner!.settings;
  const { left, right, divergence } = comparison!;
  const side = ({ options, written, metrics }: typeof left) => ({
    title: settingsText(options, knobs, glyphs),
    written,
    ...numbersOf(metrics),
  });
  return {
    left: side(left),
    right: side(right),
    prompt: tuner!.read,
    ...(divergence === undefined ? {} : { divergence }),
  };
}

export const sweepOf = ({ sweeping }: Studio): SweepPane => sweeping!.pane;
