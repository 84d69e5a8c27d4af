import type { Explanation, View, Written } from '../../generation/explorer/view.ts';
import type { SamplingOptions } from '../../sampling/index.ts';
import type { Mode } from '../commands.ts';
import type { Knob } from '../knobs.ts';
import type { SweepPane } from '../panes/sweep.ts';
import type { Edited } from '../state/editor.ts';
import type { Studio } from '../state/studio.ts';
import type { Tuner } from '../state/tuner.ts';
import { failureOf } from '../subjects.ts';
import type { Compared } from './compared.ts';
import type { Listed } from './listed.ts';

/** All that can be told of the studio, as it is at a moment. */
export interface Moment {
  readonly mode: Mode;
  readonly model: string | undefined;
  readonly phase: Tuner['phase'] | undefined;
  readonly pause: Tuner['pause'];
  readonly isPlaying: boolean;
  /** The same as long as the prompt is. */
  readonly text: object | undefined;
  readonly prompt: string;
  readonly knobs: readonly Knob[];
  readonly options: SamplingOptions;
  /** Of the branch; it grows. */
  readonly written: readonly Written[];
  readonly place: number;
  readonly node: number;
  readonly branch: { readonly number: number; readonly count: number };
  readonly notice: { readonly text: string; readonly isError: boolean } | undefined;
  readonly error: string | undefined;
  /** What can be done, where there is no text because of it. */
  readonly remedy: string | undefined;
  /** What comes next, while the text is at rest and it is known. */
  readonly view: View | undefined;
  /** How many of the written tokens the settings could not have drawn. */
  readonly struck: number;
  readonly selected: number | undefined;
  readonly explanation: Explanation | undefined;
  readonly menu: Listed | undefined;
  readonly editing: (Edited & { readonly title: string }) | undefined;
  readonly comparison: (Compared & { readonly isWriting: boolean }) | undefined;
  readonly sweep: SweepPane | undefined;
}

/** What can be told now. */
export function momentOf(studio: Studio): Moment {
  const { mode, tuner, settings, menu, comparison, sweeping } = studio;
  const { timeline, viewer } = tuner ?? {};
  const isKnown = mode === 'pause' && tuner?.phase !== 'reading' && viewer?.isStale === false;
  return {
    mode,
    model: tuner?.model.info.name,
    phase: tuner?.phase,
    pause: tuner?.pause,
    isPlaying: tuner?.isPlaying ?? false,
    text: tuner,
    prompt: tuner?.prompt ?? studio.opening.prompt,
    knobs: settings.knobs,
    options: settings.options,
    written: timeline?.written ?? [],
    place: timeline?.place ?? 0,
    node: timeline?.node() ?? 0,
    branch: { number: (timeline?.current ?? 0) + 1, count: timeline?.branches.length ?? 1 },
    notice: studio.notice,
    error: (studio.error ?? comparison?.error ?? tuner?.error)?.message,
    remedy: failureOf(studio)?.remedy,
    view: isKnown ? viewer.view : undefined,
    struck: viewer?.struck ?? 0,
    selected: studio.selected,
    explanation: mode === 'explain' ? viewer?.explanation : undefined,
    menu: menu && { ...menu },
    editing: studio.editing,
    comparison: comparison && sidesOf(comparison),
    sweep: sweeping?.pane,
  };
}

function sidesOf({ left, right, divergence, isWriting }: NonNullable<Studio['comparison']>) {
  return { left, right, divergence, isWriting };
}
