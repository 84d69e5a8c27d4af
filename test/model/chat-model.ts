import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './folders.ts';
import { variant } from './variant.ts';

const TEMPLATE =
  "{% for m in messages %}{% if m.role == 'system' and not loop.first %}{{ raise_exception('system comes first') }}{% endif %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

/** The story model with a chat template: what it says is a story all the same. */
export function chatModel(template = TEMPLATE): string {
  const config = JSON.parse(readFileSync(join(story, 'tokenizer_config.json'), 'utf8'));
  return variant({ 'tokenizer_config.json': { ...config, chat_template: template } });
}
