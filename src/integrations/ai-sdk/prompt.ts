import type {
  LanguageModelV3Message,
  LanguageModelV3Prompt,
  SharedV3Warning,
} from '@ai-sdk/provider';
import type { Model } from '../../generation/model.ts';
import type { Message } from '../../model/tokenizer.ts';
import { KelvinError } from '../../sampling/index.ts';

/** A prompt for `generate`. */
interface Prompt {
  readonly prompt: string | readonly number[];
  readonly warnings: readonly SharedV3Warning[];
}

/**
 * What a model goes on from: the messages in its own chat template. A model without one goes on
 * from the text of a single user message, with a warning.
 *
 * @throws KelvinError `MODEL_UNSUPPORTED` for a conversation with a model that has no template,
 *   `INVALID_ARGUMENT` for one that the template refuses
 */
export async function promptOf(model: Model, messages: LanguageModelV3Prompt): Promise<Prompt> {
  const left = new Map<string, string>();
  const talk = messages.flatMap((message) => textOf(message, left));
  const warnings: SharedV3Warning[] = [...left].map(([feature, details]) => ({
    type: 'unsupported',
    feature,
    details,
  }));
  const { chat, name } = model.info;
  if (chat) return { prompt: await model.template(talk), warnings };
  const [only] = talk;
  if (talk.length !== 1 || only?.role !== 'user')
    throw new KelvinError(
      'MODEL_UNSUPPORTED',
      `${name} has no chat template, so it cannot be talked with: prompt must be a single user message, from whose text it goes on, got ${talk.map(({ role }) => role).join(', ') || 'none'}`,
    );
  warnings.push({
    type: 'compatibility',
    feature: 'prompt',
    details: `${name} has no chat template: it goes on from the text, and does not answer it`,
  });
  return { prompt: only.content, warnings };
}

/** The text of a message; what else there is in it is left out and told of. */
function textOf(message: LanguageModelV3Message, left: Map<string, string>): Message[] {
  const { role, content } = message;
  if (role === 'system') return [{ role, content }];
  let text = '';
  for (const part of content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'file')
      left.set('files', `a part of type ${part.mediaType} was left out: the model reads text`);
    else if (part.type === 'reasoning')
      left.set('reasoning', 'the reasoning of an earlier answer was left out');
    else left.set('tool messages', 'calls of tools and their results were left out');
  }
  return role === 'tool' ? [] : [{ role, content: text }];
}
