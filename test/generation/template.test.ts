import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from 'kelvin';
import { describe, expect, it } from 'vitest';
import { story } from '../model/folders.ts';
import { variant } from '../model/variant.ts';

const config = JSON.parse(readFileSync(join(story, 'tokenizer_config.json'), 'utf8'));
const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools here') }}{% endif %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
const messages = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'Tell me a story' },
];
const RENDERED = 'system: Be kind.\nuser: Tell me a story\nassistant:';

describe.each([
  ['in tokenizer_config.json', { 'tokenizer_config.json': { ...config, chat_template: TEMPLATE } }],
  ['in a file of its own', { 'chat_template.jinja': TEMPLATE }],
])('a chat template %s', (_, files) => {
  it('writes a conversation, its special tokens once', async () => {
    const model = await loadModel(variant(files));
    expect(model.info.chat).toBe(true);
    const tokens = await model.template(messages);
    expect(tokens.filter((token) => token === 0)).toEqual([0]);
    expect(tokens).toEqual(await model.encode(RENDERED));
    await expect(model.template([{ role: 'tool', content: '' }])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(
        /^messages: the model's chat template refuses .*no tools here/,
      ),
    });
    for (const wrong of ['hello', [{ role: 'user' }], [null], undefined])
      await expect(model.template(wrong as never)).rejects.toThrow('messages must be an array');
    await model.dispose();
  });
});

it('a model without one says so', async () => {
  const model = await loadModel();
  expect(model.info.chat).toBe(false);
  await expect(model.template(messages)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringContaining('kelvin-story has no chat template'),
  });
  await model.dispose();
});
