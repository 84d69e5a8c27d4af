import { chatModel as withTemplate } from '../model/chat-model.ts';

const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}{% if m.content == 'refuse me' %}{{ raise_exception('no place for that') }}{% endif %}{{ m.role }}:{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";

/** One whose template begins with a token and may refuse a message. */
export const chatModel = (): string => withTemplate(TEMPLATE);
