import { comparedSentences, comparingSentences } from './compared.ts';
import { editedSentences, editingSentences } from './edited.ts';
import { explainedSentences } from './explained.ts';
import { listedSentences } from './listed.ts';
import type { Moment } from './moment.ts';
import { nextSentences, pickedSentence } from './next.ts';
import { settingsSentences, settingsWords } from './settings.ts';
import { sweptSentences } from './swept.ts';
import { walkSentences, whereabouts } from './whereabouts.ts';
import { capital } from './words.ts';

/** What is different after than before, and what comes next: the text itself apart. */
export function changes(before: Moment, after: Moment): string[] {
  return [
    ...noticeSentences(before, after),
    ...textSentences(before, after),
    ...overlaySentences(before, after),
    ...sweepSentences(before, after),
    ...distributionSentences(before, after),
  ];
}

function noticeSentences(before: Moment, after: Moment): string[] {
  const { notice, error, remedy } = after;
  if (error !== undefined && error !== before.error)
    return [`Error: ${error}`, ...(remedy === undefined ? [] : [remedy])];
  if (!notice || notice === before.notice) return [];
  return [notice.isError ? `Error: ${notice.text}` : notice.text];
}

function textSentences(before: Moment, after: Moment): string[] {
  const { knobs, options } = after;
  if (after.text !== before.text) {
    const settings = capital(settingsWords(options, knobs));
    return [`${after.model}. ${settings}. Prompt: ${after.prompt || 'none'}`, whereabouts(after)];
  }
  return [
    ...settingsSentences(before.options, options, knobs),
    ...placeSentences(before, after),
    ...struckSentences(before, after),
  ];
}

function struckSentences(before: Moment, { struck, written }: Moment): string[] {
  if (struck === 0 || struck === before.struck) return [];
  return [`These settings could not have drawn ${struck} of the ${written.length} tokens.`];
}

function placeSentences(before: Moment, after: Moment): string[] {
  if (after.mode === 'explain' && before.mode === 'explain') return walkSentences(before, after);
  if (after.mode !== 'play' && after.mode !== 'pause') return [];
  if (before.mode !== 'play' && before.mode !== 'pause')
    return [`Back at the text. ${whereabouts(after)}`];
  if (before.isPlaying !== after.isPlaying) return [whereabouts(after)];
  return after.isPlaying ? [] : walkSentences(before, after);
}

function overlaySentences(before: Moment, after: Moment): string[] {
  const { menu, editing, comparison, knobs } = after;
  if (menu) return listedSentences(before.menu, menu);
  if (editing)
    return before.editing?.title === editing.title
      ? editedSentences(before.editing, editing)
      : editingSentences(editing.title, editing);
  if (!comparison) return [];
  return [
    ...(before.comparison ? [] : comparingSentences(comparison, knobs)),
    ...(before.comparison?.isWriting && !comparison.isWriting ? comparedSentences(comparison) : []),
  ];
}

function sweepSentences(before: Moment, { mode, sweep }: Moment): string[] {
  if (!sweep) return [];
  if (mode === 'sweep')
    return sweptSentences(before.mode === mode ? before.sweep : undefined, sweep);
  return before.sweep?.isRunning && !sweep.isRunning ? ['The sweep is done; s tells it.'] : [];
}

function distributionSentences(before: Moment, after: Moment): string[] {
  const { view, selected, explanation } = after;
  if (explanation) {
    const { node, settings, token } = before.explanation ?? {};
    const isTold =
      node === explanation.node && settings === explanation.settings && token === explanation.token;
    return isTold ? [] : explainedSentences(explanation);
  }
  if (!view) return [];
  const isTold = before.view?.node === view.node && before.view.settings === view.settings;
  return [
    ...(isTold ? [] : [nextSentences(view)]),
    ...(selected !== undefined && selected !== before.selected
      ? [`${pickedSentence(view, selected)} Enter goes on from it.`]
      : []),
  ];
}
