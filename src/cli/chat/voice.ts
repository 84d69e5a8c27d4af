import type { Step } from '../../generation/step.ts';
import type { Line } from '../../ui/line.ts';
import { harmless } from '../../ui/terminal/harmless.ts';
import { painter } from '../painter.ts';
import { say, write, writePainted } from '../streams.ts';
import { type Hear, isKept, type Mode, type Turn } from './conversation.ts';
import { notice, readingLine } from './notice.ts';
import { answerLine } from './save.ts';

interface VoiceOptions {
  /** One JSON object per answer. */
  readonly json?: boolean;
  /** Tells how each answer went. */
  readonly verbose?: boolean;
}

/** How a chat is heard: answers on stdout, what commands tell beside them. */
export class Voice {
  readonly #told: NodeJS.WriteStream;
  readonly #options: VoiceOptions;

  /** @param told where commands write: stdout is for answers alone where no person reads it */
  constructor(told: NodeJS.WriteStream, options: VoiceOptions) {
    this.#told = told;
    this.#options = options;
  }

  /**
   * Writes an answer while it is given.
   *
   * @returns false where nobody takes it
   */
  async show(mode: Mode, answer: (hear: Hear) => Promise<Turn>): Promise<boolean> {
    const { json, verbose } = this.#options;
    let last = '\n';
    const turn = await answer(async ({ text }: Step) => {
      last = text.at(-1) ?? last;
      return json ? true : write(text);
    });
    const isTaken = await write(json ? answerLine(turn) : this.#ending(last));
    const told = isKept(turn)
      ? notice(turn.summary, mode)
      : 'stopped before its first word; nothing is kept';
    if (told) say(`${told}\n`);
    if (verbose) say(readingLine(turn.summary));
    return isTaken;
  }

  tell(text: string): void {
    void writePainted(harmless(text), this.#told);
  }

  /** Lines with their looks. */
  paint(lines: readonly Line[]): void {
    const paint = painter(this.#told);
    for (const line of lines) void writePainted(`${paint(line)}\n`, this.#told);
  }

  // A pipe gets as many line breaks as there are answers; a screen a prompt on a line of its own.
  #ending(last: string): string {
    return this.#told === process.stdout && last === '\n' ? '' : '\n';
  }
}
