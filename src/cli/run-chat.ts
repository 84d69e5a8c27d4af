import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { resolveSampling } from '../generation/settings.ts';
import { talkAtTerminal } from './chat/at-terminal.ts';
import { Chat } from './chat/chat.ts';
import { Conversation, type Mode } from './chat/conversation.ts';
import { Editor } from './chat/editor.ts';
import { talkFromPipe } from './chat/from-pipe.ts';
import { ChatSettings } from './chat/settings.ts';
import { Voice } from './chat/voice.ts';
import { Failure } from './failure.ts';
import { interruptible } from './interrupt.ts';
import { loadOptions, type ModelFlags } from './model-flags.ts';
import { givenSampling } from './sampling-flags.ts';
import { isInteractive, say } from './streams.ts';
import { settingsTable } from './summary.ts';
import { toldOf } from './told.ts';
import { UsageError } from './usage-error.ts';

export interface ChatFlags extends ModelFlags {
  readonly system?: string;
  readonly completion?: boolean;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly [samplingOption: string]: unknown;
}

/** Talks with a model: at a terminal with a person, else message by message from stdin. */
export async function runChat(flags: ChatFlags): Promise<void> {
  const told = await toldOf(flags.model);
  if (told) resolveSampling(givenSampling(flags), told);
  const model = await loadModel(flags.model, loadOptions(flags));
  try {
    await (isInteractive() && !flags.json ? atTerminal : fromPipe)(model, flags);
  } finally {
    await model.dispose();
  }
}

async function fromPipe(model: Model, flags: ChatFlags): Promise<void> {
  if (!model.info.chat && !flags.completion)
    throw new Failure(`${noTemplate(model)}; with --completion it goes on from what is typed`);
  const chat = await begin(model, flags.completion ? 'completion' : 'chat', flags, process.stderr);
  await interruptible((signal) => talkFromPipe(chat, signal));
}

async function atTerminal(model: Model, flags: ChatFlags): Promise<void> {
  const editor = new Editor();
  try {
    const mode = await modeOf(model, flags, editor);
    if (!mode) return;
    const chat = await begin(model, mode, flags, process.stdout);
    const kind = mode === 'chat' ? 'messages are answered' : 'what is typed is gone on from';
    say(`${model.info.name}: ${kind}; /help lists the commands\n`);
    await talkAtTerminal(chat, editor);
  } finally {
    editor.close();
  }
}

async function begin(
  model: Model,
  mode: Mode,
  flags: ChatFlags,
  told: NodeJS.WriteStream,
): Promise<Chat> {
  const { system, maxTokens, stop } = flags;
  const given = Object.entries({ ...givenSampling(flags), maxTokens, stop });
  const options = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const settings = new ChatSettings(options, model.info);
  const conversation = new Conversation(model, mode);
  if (system !== undefined && mode === 'completion')
    throw new UsageError('--system must come with a chat template: here a text is gone on from');
  if (system !== undefined) await conversation.instruct(system);
  if (flags.verbose) say(settingsTable(settings.effective, model.info, flags));
  return new Chat({ model, conversation, settings, voice: new Voice(told, flags) });
}

const noTemplate = ({ info: { name } }: Model) =>
  `${name} has no chat template: it goes on from a text, and cannot be talked with`;

// undefined where the person would rather leave.
async function modeOf(
  model: Model,
  { completion }: ChatFlags,
  editor: Editor,
): Promise<Mode | undefined> {
  if (completion) return 'completion';
  if (model.info.chat) return 'chat';
  say(`${noTemplate(model)}.\n`);
  const entry = await editor.read('Go on from what you type instead? [Y/n] ');
  if (entry === 'interrupt') process.exitCode = 130;
  return typeof entry === 'object' && /^(y|yes)?$/i.test(entry.text.trim())
    ? 'completion'
    : undefined;
}
