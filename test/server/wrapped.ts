import { once } from 'node:events';
import { connect } from 'node:net';
import type { Model } from 'kelvin';

/** A model whose texts come from elsewhere. */
export const withRun = (model: Model, run: Model['run']): Model => ({
  info: model.info,
  run,
  encode: (text) => model.encode(text),
  decode: (tokens) => model.decode(tokens),
  template: (messages) => model.template(messages),
  score: (text, signal) => model.score(text, signal),
  calibrate: (text, signal) => model.calibrate(text, signal),
  explore: (expedition, listen) => model.explore(expedition, listen),
  dispose: async () => {},
});

/** A model that after one prompt writes more than any buffer holds, 64 KB to a token. */
export function flood(model: Model, prompt: string): { model: Model; made(): number } {
  let made = 0;
  const text = 'x'.repeat(2 ** 16);
  const measures = { logprob: 0, shapedLogprob: 0, entropy: 0, choices: 1, rank: 1 };
  const flooding = model.encode(prompt).then(String);
  const run: Model['run'] = async function* (request, signal, progress) {
    if (String(request.prompt) !== (await flooding))
      return yield* model.run(request, signal, progress);
    let index = 0;
    for (; index < request.maxTokens && !signal.aborted; index++) {
      made += 1;
      yield { index, token: 0, text, ...measures };
    }
    return {
      text: text.repeat(index),
      finishReason: signal.aborted ? 'abort' : 'length',
      promptTokens: 1,
      reusedTokens: 0,
      tokens: index,
      seed: 0,
      settings: request.settings,
      timings: { prefillMs: 0, decodeMs: 0 },
    };
  };
  return { model: withRun(model, run), made: () => made };
}

/** A client that reads the beginning of its answer, and the rest when it is asked to. */
export async function stuck(url: string, fields: object): Promise<{ rest(): Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify(fields);
  const head = [
    'POST /v1/completions HTTP/1.1',
    'host: localhost',
    'connection: close',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  const chunks: Buffer[] = [];
  socket.once('data', (chunk: Buffer) => {
    chunks.push(chunk);
    socket.pause();
  });
  await once(socket, 'data');
  socket.on('error', () => {});
  return {
    async rest() {
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.resume();
      await once(socket, 'close');
      return Buffer.concat(chunks).toString();
    },
  };
}
