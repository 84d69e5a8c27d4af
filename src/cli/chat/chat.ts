import type { GenerateOptions } from '../../generation/generate-options.ts';
import type { Model } from '../../generation/model.ts';
import { samplingOptions } from '../../sampling/options.ts';
import { numeral } from '../numeral.ts';
import { lineRoom } from '../streams.ts';
import { settingRows } from '../summary.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { type CommandName, helpText, parseTyped } from './commands.ts';
import type { Conversation, Hear, Turn } from './conversation.ts';
import { answerLines, leastExpected } from './probs.ts';
import { conversationLines, writeNew } from './save.ts';
import type { ChatSettings } from './settings.ts';
import type { Voice } from './voice.ts';

/** How many tokens `/probs` lists, where nothing else is asked for. */
const LISTED = 8;
/** Settings that are told even where nobody has set them. */
const ALWAYS_SHOWN = ['temperature', 'topK', 'topP', 'minP', 'seed', 'maxTokens', 'top'];

export interface ChatParts {
  readonly model: Model;
  readonly conversation: Conversation;
  readonly settings: ChatSettings;
  readonly voice: Voice;
}

/** Does what is typed: commands, and messages for the model. Answers go to stdout. */
export class Chat {
  readonly #parts: ChatParts;
  #isOver = false;

  constructor(parts: ChatParts) {
    this.#parts = parts;
  }

  /** Whether it was left, or nobody takes the answers any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * @param signal stops the answer; what was written of it stays
   * @throws UsageError, KelvinError; the conversation and the settings are then what they were
   */
  async take(text: string, signal: AbortSignal): Promise<void> {
    const typed = parseTyped(text);
    const { conversation, settings } = this.#parts;
    if ('command' in typed) return this.#commands[typed.command](typed.argument, signal);
    // Nothing said is nothing to answer, but a text can go on from where it is.
    if (typed.message.trim() === '' && conversation.mode === 'chat') return;
    const options = { ...settings.options, signal };
    await this.#show((hear) => conversation.answer(typed.message, options, hear));
  }

  readonly #commands: Record<
    CommandName,
    (argument: string, signal: AbortSignal) => Promise<void> | void
  > = {
    set: (argument) => this.#set(argument),
    regenerate: (argument, signal) => this.#regenerate(argument, signal),
    undo: () => {
      this.#last('take back');
      this.#parts.conversation.undo();
      this.#parts.voice.tell(`taken back; ${this.#count()}\n`);
    },
    probs: (argument) => this.#probs(argument),
    system: async (argument) => {
      const { conversation } = this.#parts;
      if (conversation.mode === 'completion')
        throw new UsageError('/system must come with a chat template: here a text is gone on from');
      if (argument !== '') await conversation.instruct(argument);
      this.#parts.voice.tell(`system prompt: ${conversation.system ?? 'none'}\n`);
    },
    save: async (path) => {
      if (path === '') throw new UsageError('/save must have a file, as in /save talk.ndjson');
      const { conversation, model } = this.#parts;
      await writeNew(path, conversationLines(conversation, model.info));
      this.#parts.voice.tell(`saved, ${this.#count()}\n`);
    },
    clear: () => {
      this.#parts.conversation.clear();
      this.#parts.voice.tell('forgotten\n');
    },
    help: () => this.#parts.voice.tell(helpText()),
    quit: () => {
      this.#isOver = true;
    },
  };

  #set(argument: string): void {
    const { settings } = this.#parts;
    const [, name, value] = /^(\S+)\s+([\s\S]+)$/.exec(argument) ?? [];
    if (argument !== '' && (name === undefined || value === undefined))
      throw new UsageError(
        `/set must have a name and a value, as in /set temperature 0.7, got ${JSON.stringify(argument)}`,
      );
    if (name && value) {
      const option = settings.set(name, value);
      this.#parts.voice.tell(table(settingRows({ [option]: settings.effective[option]! })));
      return;
    }
    const shown = Object.entries(settings.effective).filter(
      ([name, { origin }]) => origin !== 'built-in' || ALWAYS_SHOWN.includes(name),
    );
    this.#parts.voice.tell(table(settingRows(Object.fromEntries(shown))));
  }

  async #regenerate(argument: string, signal: AbortSignal): Promise<void> {
    const last = this.#last('answer again');
    const { conversation, settings } = this.#parts;
    const seed = samplingOptions.seed.parse(
      argument === '' ? last.summary.seed + 1 : numeral(argument),
      'seed',
    ) as number;
    const options: GenerateOptions = { ...settings.options, seed, signal };
    if (settings.effective.temperature?.value === 0)
      this.#parts.voice.tell('at temperature 0 every seed gives the same answer\n');
    await this.#show((hear) => conversation.again(options, hear));
  }

  #probs(argument: string): void {
    const { steps } = this.#last('show');
    const count = argument === '' ? LISTED : numeral(argument);
    if (!Number.isSafeInteger(count) || Number(count) < 0)
      throw new UsageError(`/probs must have an integer ≥ 0, got ${JSON.stringify(argument)}`);
    const { voice } = this.#parts;
    voice.paint(answerLines(steps, lineRoom()));
    voice.tell(leastExpected(steps, Number(count)));
  }

  async #show(answer: (hear: Hear) => Promise<Turn>): Promise<void> {
    const { voice, conversation } = this.#parts;
    if (!(await voice.show(conversation.mode, answer))) this.#isOver = true;
  }

  #last(what: string): Turn {
    const turn = this.#parts.conversation.turns.at(-1);
    if (!turn) throw new UsageError(`there is no answer yet to ${what}`);
    return turn;
  }

  #count(): string {
    const { length } = this.#parts.conversation.turns;
    return `${length} ${length === 1 ? 'turn' : 'turns'}`;
  }
}
