import type { Hono } from 'hono';
import { z } from 'zod';
import type { Model } from '../generation/model.ts';
import { chatParser } from './chat-request.ts';
import { completionParser } from './completion-request.ts';
import { type Engine, modelEntry } from './engine.ts';
import { parse } from './parse.ts';
import { checkChat, checkLength, checkPrompt } from './prompts.ts';
import { readJson } from './read-json.ts';
import { type Means, type Order, serveText } from './serve-text.ts';
import type { EffectiveServerOptions } from './server-options.ts';
import { chat, completion } from './shape.ts';
import type { Env } from './visit.ts';

/** What can be asked for. */
export function routes(
  app: Hono<Env>,
  engine: Engine,
  means: Means,
  { choices, bodyBytes }: EffectiveServerOptions,
): void {
  app.get('/health', () => {
    void engine.model;
    return Response.json({ status: 'ok' });
  });
  app.get('/metrics', () => means.metrics.response());
  app.get('/v1/models', () =>
    Response.json({ object: 'list', data: [modelEntry(engine.model, engine.started)] }),
  );
  app.get('/v1/models/:id', (c) =>
    Response.json(modelEntry(engine.named(c.req.param('id')), engine.started)),
  );

  const parseChat = chatParser(choices);
  app.post('/v1/chat/completions', async (c) => {
    void engine.model;
    const asked = parseChat(await readJson(c.req.raw, bodyBytes));
    const model = engine.named(asked.model);
    const { messages } = asked;
    checkChat(model);
    checkLength(
      messages.reduce((length, { content }) => length + content.length, 0),
      'messages',
      model,
    );
    const prompts = async () => [checkPrompt(await model.template(messages), 'messages', model)];
    const order: Order = { asked, shape: chat, model, texts: asked.n, prompts };
    return serveText(order, c.req.raw.signal, c.get('visit'), means);
  });

  const parseCompletion = completionParser(choices);
  app.post('/v1/completions', async (c) => {
    void engine.model;
    const asked = parseCompletion(await readJson(c.req.raw, bodyBytes));
    const model = engine.named(asked.model);
    const prompts = () =>
      Promise.all(
        asked.prompts.map(async (prompt) =>
          checkPrompt(
            typeof prompt === 'string' ? await encoded(model, prompt, 'prompt') : prompt,
            'prompt',
            model,
          ),
        ),
      );
    const texts = asked.n * asked.prompts.length;
    const order: Order = { asked, shape: completion, model, texts, prompts };
    return serveText(order, c.req.raw.signal, c.get('visit'), means);
  });

  app.post('/tokenize', async (c) => {
    const { model } = engine;
    const { content } = parse(await readJson(c.req.raw, bodyBytes), TOKENIZE);
    return Response.json({ tokens: await encoded(model, content, 'content') });
  });
  app.post('/detokenize', async (c) => {
    const { model } = engine;
    const { tokens } = parse(await readJson(c.req.raw, bodyBytes), DETOKENIZE);
    return Response.json({ content: await model.decode(tokens) });
  });
}

// As llama.cpp's server has them.
const TOKENIZE = z.strictObject({ content: z.string({ error: 'a string' }) });
const DETOKENIZE = z.strictObject({
  tokens: z.array(z.number({ error: 'a token id' }), { error: 'a list of token ids' }),
});

function encoded(model: Model, text: string, param: string): Promise<number[]> {
  checkLength(text.length, param, model);
  return model.encode(text);
}
