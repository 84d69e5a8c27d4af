import { loadModel, type Model } from 'kelvin';
import { createServer, type Listening, listen, type ServerOptions } from 'kelvin/server';
import OpenAI from 'openai';

/** A server on a free port, and the official client pointed at it. */
export interface Running extends Listening {
  readonly model: Model;
  readonly client: OpenAI;
  stop(): Promise<void>;
}

export async function run(options: ServerOptions = {}, folder?: string): Promise<Running> {
  const model = await loadModel(folder);
  const listening = await listen(createServer(model, options), { port: 0 });
  const client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: 'any', maxRetries: 0 });
  return {
    ...listening,
    model,
    client,
    async stop() {
      await listening.close();
      await model.dispose();
    },
  };
}
