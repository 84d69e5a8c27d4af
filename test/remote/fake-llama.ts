import { isUtf8 } from 'node:buffer';
import { Sampler } from '../../src/sampling/index.ts';
import { all, type Fake, likeliest, listen, Refused, type Served } from './served.ts';

/** The logarithm of 0 in llama.cpp's JSON. */
const LOWEST = -3.4028234663852886e38;

/** A server in the shapes of llama.cpp's, that runs a model of kelvin's. */
export async function fakeLlama(served: Served): Promise<Fake> {
  const { model, bytes, logprobs } = served;
  const { info, tokenizer } = model;
  const eos = info.endTokens[0]!;
  const text = (token: number) => Buffer.from(bytes[token]!).toString('utf8');
  const entry = (row: Float32Array, id: number) => ({
    ...{ id, token: text(id), bytes: [...bytes[id]!] },
    logprob: Number.isFinite(row[id]!) ? row[id]! : LOWEST,
  });
  const probabilities = (row: Float32Array, id: number, count: number) => ({
    ...entry(row, id),
    top_logprobs: likeliest(row, count).map((other) => entry(row, other)),
  });
  const tokens = (content: string, isWhole: boolean) => {
    const ids = tokenizer.encode(content);
    return isWhole ? ids : ids.slice(1);
  };
  /** What is drawn by the samplers that were asked for, in their order. */
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever was sent
  const draw = (row: Float32Array, body: any, step: number, history: number[]) => {
    const samplers: string[] = body.samplers ?? ['top_k', 'top_p', 'min_p', 'temperature'];
    const camel: Record<string, string> = { top_k: 'topK', top_p: 'topP', min_p: 'minP' };
    const rest = samplers.filter((name) => name !== 'penalties').map((name) => camel[name] ?? name);
    const set = (name: string, value: object) => (samplers.includes(name) ? value : {});
    const biases: [number, number | false][] = body.logit_bias ?? [];
    const sampler = new Sampler({
      logitBias: Object.fromEntries([
        ...biases.map(([id, bias]) => [id, bias === false ? -Infinity : bias]),
        ...(body.ignore_eos ? [[eos, -Infinity]] : []),
      ]),
      ...set('penalties', { presencePenalty: body.presence_penalty ?? 0 }),
      ...set('temperature', { temperature: body.temperature ?? 0.8 }),
      ...set('top_k', { topK: body.top_k ?? 40 }),
      ...set('top_p', { topP: body.top_p ?? 0.95 }),
      ...set('min_p', { minP: body.min_p ?? 0.05 }),
      seed: body.seed ?? 1,
      order: ['logitBias', 'penalties', ...rest],
    });
    return sampler.sampleToken(row, { history, step });
  };
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever was sent
  async function* completed(body: any) {
    const prompt: number[] =
      typeof body.prompt === 'string' ? tokens(body.prompt, true) : [...body.prompt];
    let pending: number[] = [];
    if (prompt.length >= info.contextLength!)
      throw new Refused(400, {
        error: { code: 400, message: 'the request exceeds the available context size' },
      });
    const history = [...prompt];
    for (let step = 0; step < body.n_predict; step++) {
      const row = await logprobs(history);
      const token = draw(row, body, step, history);
      history.push(token);
      pending.push(...bytes[token]!);
      const isEnd = token === eos;
      // Where bytes make no character yet, nothing is told, and nothing ever of that token.
      if (isUtf8(Uint8Array.from(pending))) {
        yield {
          content: Buffer.from(pending).toString('utf8'),
          ...{ tokens: [token], stop: false },
          ...(body.n_probs > 0 && {
            completion_probabilities: [probabilities(row, token, body.n_probs)],
          }),
        };
        pending = [];
      }
      if (isEnd) break;
    }
    const isEnd = history.at(-1) === eos;
    yield {
      ...{ index: 0, content: '', tokens: [], stop: true, model: info.name },
      ...{ tokens_predicted: history.length - prompt.length, tokens_evaluated: prompt.length },
      generation_settings: {
        logit_bias: [
          ...(body.logit_bias ?? []).map(([token, bias]: [number, number]) => ({ bias, token })),
          // JSON has no -Infinity.
          ...(body.ignore_eos ? [{ bias: null, token: eos }] : []),
        ],
      },
      ...{ truncated: false, stopping_word: '', stop_type: isEnd ? 'eos' : 'limit' },
    };
  }
  const meta = {
    ...{ vocab_type: 2, n_vocab: info.vocabularySize, n_ctx_train: info.contextLength },
    ...{ n_embd: 1, n_params: 1, size: 1 },
  };
  return listen({
    '/v1/models': () => ({
      object: 'list',
      data: [{ id: 'story.gguf', object: 'model', owned_by: 'llamacpp', meta }],
    }),
    '/props': () => ({
      default_generation_settings: { n_ctx: info.contextLength, params: { temperature: 0.8 } },
      ...{ total_slots: 1, bos_token: '<|endoftext|>', eos_token: '<|endoftext|>' },
      chat_template: tokenizer.template ? 'a template' : '',
    }),
    '/tokenize': ({ body }) => {
      const ids = tokens(body.content, body.add_special ?? false);
      if (!body.with_pieces) return { tokens: ids };
      return {
        tokens: ids.map((id) => {
          const piece = isUtf8(bytes[id]!) ? text(id) : [...bytes[id]!];
          return { id, piece: id === eos ? '<|endoftext|>' : piece };
        }),
      };
    },
    '/detokenize': ({ body }) => ({
      content: Buffer.concat(body.tokens.map((id: number) => bytes[id]!)).toString('utf8'),
    }),
    '/apply-template': ({ body }) => {
      if (!tokenizer.template) throw new Refused(400, { error: { message: 'no template' } });
      return { prompt: tokenizer.decode(tokenizer.template(body.messages)) };
    },
    '/completion': async ({ body }) => {
      if (body.stream) return completed(body);
      const chunks = await all(completed(body));
      const told = chunks.flatMap((chunk) =>
        'completion_probabilities' in chunk ? chunk.completion_probabilities! : [],
      );
      return {
        ...chunks.at(-1),
        content: chunks.map(({ content }) => content).join(''),
        ...(told.length > 0 && { completion_probabilities: told }),
      };
    },
  });
}
