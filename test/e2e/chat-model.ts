import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from '../model/folders.ts';
import { variant } from '../model/variant.ts';

const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}{% if m.content == 'refuse me' %}{{ raise_exception('no place for that') }}{% endif %}{{ m.role }}:{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

/** The story model with a chat template; what it answers is a story all the same. */
export function chatModel(): string {
  const config = JSON.parse(readFileSync(join(story, 'tokenizer_config.json'), 'utf8'));
  return variant({ 'tokenizer_config.json': { ...config, chat_template: TEMPLATE } });
}
