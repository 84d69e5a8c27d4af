import type { NowSubject } from '../panes/now.ts';
import { magnitude, numberText } from '../panes/numbers.ts';
import { inWords } from './words.ts';

/** The trade-off of this step, and what became of it in the text: what the screen's plots show. */
export function measuredSentences({ view, text }: NowSubject): string[] {
  const number = (value: number) => inWords(numberText(value));
  const choices = view && magnitude(Math.exp(view.entropy), 'ascii');
  return [
    ...(view
      ? [
          `This step: ${choices} choices, diversity ${number(view.now.diversity)} nats, coherence ${number(view.now.coherence)} nats, ${number(view.gap)} below the curve.`,
          `One nat of diversity costs ${number(view.temperature)} of coherence.`,
        ]
      : []),
    ...(text
      ? [
          `The text: diversity ${number(text.diversity)}, coherence ${number(text.coherence)}, perplexity ${magnitude(text.perplexity, 'ascii')}.`,
          ...(text.loop ? [`It says the same ${text.loop.period} tokens again and again.`] : []),
        ]
      : ['Nothing is written yet.']),
  ];
}
