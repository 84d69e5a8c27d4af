import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KelvinError } from '../sampling/error.ts';
import { reason } from './reason.ts';

/** One turn of a conversation. */
export interface Message {
  /** Who speaks: `system`, `user`, `assistant`, or what else the model's template knows. */
  readonly role: string;
  readonly content: string;
}

/** Text to token ids and back. */
export interface Tokenizer {
  /** Token ids of a text, with the special tokens the model wants around it. */
  encode(text: string): number[];
  /** Text of token ids; special tokens are left out. */
  decode(tokens: readonly number[]): string;
  /** Whether an id is one of a token. */
  has(token: number): boolean;
  /** One token as a person should see it: special tokens by name, leading spaces kept. */
  label(token: number): string;
  /**
   * Token ids of a conversation up to where the model answers, as its own chat template has it;
   * undefined where it has none.
   */
  readonly template: ((messages: readonly Message[]) => number[]) | undefined;
}

/**
 * The tokenizer of a model folder.
 *
 * @throws KelvinError `MODEL_FILE` naming the folder's tokenizer files
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  // Imported here and not above: it takes a quarter of a second, which only text needs.
  const { AutoTokenizer, env } = await import('@xenova/transformers');
  env.allowRemoteModels = false;
  const files = `${join(folder, 'tokenizer.json')} with tokenizer_config.json`;
  // The library's own words for a missing file would be of no use to anybody.
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    const path = join(folder, name);
    await access(path).catch((cause: unknown) => {
      throw new KelvinError('MODEL_FILE', `${path}: no such file`, { cause });
    });
  }
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true }).catch(
    (cause: unknown) => {
      throw new KelvinError('MODEL_FILE', `${files}: ${reason(cause)}`, { cause });
    },
  );

  const decode = (tokens: readonly number[], skipSpecial: boolean) =>
    // The library refuses an empty list. Cleaning up spaces would make text depend on what follows.
    tokens.length === 0
      ? ''
      : tokenizer.decode([...tokens], {
          skip_special_tokens: skipSpecial,
          clean_up_tokenization_spaces: false,
        });

  // Some decoders strip the space in front of the first token, so a label is read behind another.
  const anchor = tokenizer.encode('a', { add_special_tokens: false }).slice(-1);
  const anchorText = decode(anchor, false);
  const labels = new Map<number, string>();

  // Newer exports keep the template in a file of its own, which the library does not read.
  const own = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined);
  const apply = (messages: readonly Message[]): number[] => {
    let text: string;
    try {
      text = tokenizer.apply_chat_template(
        messages.map((message) => ({ ...message })),
        { tokenize: false, add_generation_prompt: true, chat_template: own ?? null },
      );
    } catch (cause) {
      const refusal = `the model's chat template refuses them: ${reason(cause)}`;
      throw new KelvinError('INVALID_ARGUMENT', `messages: ${refusal}`, { cause });
    }
    // The template writes the special tokens itself.
    return tokenizer.encode(text, { add_special_tokens: false });
  };

  return {
    template: (own ?? tokenizer.chat_template) ? apply : undefined,
    encode: (text) => tokenizer.encode(text),
    decode: (tokens) => decode(tokens, true),
    has: (token) => tokenizer._tokenizer.id_to_token(token) !== undefined,
    label(token) {
      let text = labels.get(token);
      if (text === undefined) {
        text = decode([...anchor, token], false).slice(anchorText.length);
        labels.set(token, text);
      }
      return text;
    },
  };
}
