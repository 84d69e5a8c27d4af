import { Sampler } from '../../src/sampling/index.ts';
import { type Fake, likeliest, listen, Refused, type Served } from './served.ts';

/**
 * A server in the shapes of vLLM's, that runs a model of kelvin's.
 *
 * @param most what it was started with as `--max-logprobs`
 */
export async function fakeVllm(served: Served, most = 20): Promise<Fake> {
  const { model, bytes, logprobs } = served;
  const { info, tokenizer } = model;
  const eos = info.endTokens[0]!;
  const text = (ids: readonly number[]) =>
    Buffer.concat(
      ids.map((id) => (id === eos ? Buffer.from('<|endoftext|>') : bytes[id]!)),
    ).toString('utf8');
  const refuse = (message: string) =>
    new Refused(400, { error: { message, type: 'BadRequestError', param: null, code: 400 } });
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever was sent
  const choose = (row: Float32Array, body: any, step: number, history: number[]) =>
    new Sampler({
      ...{ temperature: body.temperature ?? 1, topK: Math.max(0, body.top_k ?? 0) },
      ...{ topP: body.top_p ?? 1, minP: body.min_p ?? 0, seed: body.seed ?? 1 },
      ...(body.allowed_token_ids && { allowedTokens: body.allowed_token_ids }),
      ...(body.logit_bias && { logitBias: body.logit_bias }),
    }).sampleToken(row, { history, step });
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever was sent
  async function* events(body: any) {
    const prompt: number[] =
      typeof body.prompt === 'string' ? tokenizer.encode(body.prompt) : [...body.prompt];
    if (prompt.length + body.max_tokens > info.contextLength!)
      throw refuse(`This model's maximum context length is ${info.contextLength} tokens.`);
    const history = [...prompt];
    const name = (id: number) => (body.return_tokens_as_token_ids ? `token_id:${id}` : text([id]));
    for (let step = 0; step < body.max_tokens; step++) {
      const row = await logprobs(history);
      const token = choose(row, body, step, history);
      history.push(token);
      const isLast = token === eos || step === body.max_tokens - 1;
      // The drawn one comes on top of those that were asked for.
      const top = [...new Set([token, ...likeliest(row, body.logprobs ?? 0)])];
      yield {
        ...{ id: 'cmpl-1', object: 'text_completion', model: 'story' },
        choices: [
          {
            index: 0,
            text: token === eos ? '' : text([token]),
            logprobs:
              body.logprobs === undefined
                ? null
                : {
                    ...{ tokens: [name(token)], token_logprobs: [row[token]], text_offset: [0] },
                    top_logprobs: [Object.fromEntries(top.map((id) => [name(id), row[id]]))],
                  },
            finish_reason: isLast ? (token === eos ? 'stop' : 'length') : null,
            stop_reason: null,
          },
        ],
      };
      if (token === eos) return;
    }
  }
  return listen({
    '/v1/models': () => ({
      object: 'list',
      data: [{ id: 'story', object: 'model', owned_by: 'vllm', max_model_len: info.contextLength }],
    }),
    '/version': () => ({ version: '0.11.0' }),
    '/tokenize': ({ body }) => {
      if (body.messages) throw refuse('this model has no chat template');
      const ids = tokenizer.encode(body.prompt);
      const tokens = (body.add_special_tokens ?? true) ? ids : ids.slice(1);
      return { count: tokens.length, max_model_len: info.contextLength, tokens };
    },
    '/detokenize': ({ body }) => ({ prompt: text(body.tokens) }),
    '/v1/completions': async ({ body }) => {
      if (body.logprobs > most)
        throw refuse(
          `Requested sample logprobs of ${body.logprobs}, which is greater than max allowed: ${most}`,
        );
      for (const id of Object.keys(body.logit_bias ?? {}))
        if (Number(id) >= info.vocabularySize)
          throw refuse(
            `token_id(s) [${id}] in logit_bias contain out-of-vocab token ids. Vocabulary size: ${info.vocabularySize}`,
          );
      if (body.stream) return events(body);
      let last: object = {};
      for await (const event of events(body)) last = event;
      return last;
    },
  });
}
