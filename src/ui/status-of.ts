import type { Glyphs } from './line.ts';
import type { Activity, StatusSubject } from './panes/status.ts';
import { settingsText } from './settings-text.ts';
import type { Comparison } from './state/comparison.ts';
import type { Studio } from './state/studio.ts';
import type { Tuner } from './state/tuner.ts';

/** What the status tells of the studio: of both texts while they are compared, else of the one. */
export function statusOf(studio: Studio, glyphs: Glyphs): StatusSubject {
  const { tuner, comparison, settings, loaded, opening, notice } = studio;
  const error = comparison?.error ?? tuner?.error;
  const told = error ? { text: error.message, isError: true } : notice;
  const said = told ? { notice: told } : {};
  const summary = settingsText(settings.options, settings.knobs, glyphs);
  if (!tuner)
    return {
      ...{
        model: opening.model ?? '',
        ...(studio.error
          ? { state: 'failed' as const }
          : { state: 'loading' as const, detail: loaded }),
        tokens: 0,
        place: 0,
        ...said,
      },
      ...{
        limit: opening.limit,
        seed: settings.options.seed,
        branch: { number: 1, count: 1 },
        summary,
      },
    };
  return {
    model: tuner.model.info.name,
    ...(comparison ? whereCompared(comparison, tuner.limit) : whereWritten(tuner)),
    seed: settings.options.seed,
    summary,
    ...certaintyOf(tuner),
    ...said,
  };
}

function certaintyOf({ viewer: { view } }: Tuner): Pick<StatusSubject, 'certainty'> {
  const { exact, tail } = view ?? {};
  return exact === undefined || tail === undefined ? {} : { certainty: { exact, tail } };
}

function whereWritten(tuner: Tuner) {
  const { timeline, speed, phase } = tuner;
  const { tokensPerSecond } = speed;
  return {
    state: STATES[phase],
    ...detailOf(tuner),
    ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
    tokens: timeline.written.length,
    place: timeline.place,
    limit: tuner.goal,
    branch: { number: timeline.current + 1, count: timeline.branches.length },
  };
}

/** Of two texts, how far the longer one is. */
function whereCompared({ left, right, isWriting }: Comparison, limit: number) {
  const tokens = Math.max(left.written.length, right.written.length);
  const state: Activity = isWriting ? 'playing' : 'ended';
  return { state, tokens, place: tokens, limit, branch: { number: 1, count: 1 } };
}

const STATES: Record<Tuner['phase'], Activity> = {
  reading: 'reading',
  playing: 'playing',
  paused: 'paused',
  ended: 'ended',
  failed: 'failed',
};

const ENDS = { end: 'end token', context: 'context full' };

function detailOf({ phase, progress, pause }: Tuner): { readonly detail?: number | string } {
  if (phase === 'reading') return { detail: progress };
  if (phase === 'ended' && (pause === 'end' || pause === 'context')) return { detail: ENDS[pause] };
  return {};
}
