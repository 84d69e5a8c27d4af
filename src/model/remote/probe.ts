import { z } from 'zod';
import { KelvinError } from '../../sampling/error.ts';
import { readAddress } from './address.ts';
import { Client, Refusal } from './client.ts';
import { type Engine, shaped } from './engine.ts';
import { LlamaEngine, Props } from './llama.ts';
import { OpenAIEngine } from './openai.ts';
import { VllmEngine } from './vllm.ts';

const count = z.number().int().positive();
const Models = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: z.string().optional(),
      max_model_len: count.nullish(),
      context_length: count.nullish(),
      meta: z.object({ n_vocab: count.optional(), n_ctx_train: count.optional() }).nullish(),
    }),
  ),
});

/**
 * Finds out what answers at an address, and what it can do.
 *
 * @param name as in `http://host:port/v1#model`
 * @param key what it wants to be asked with
 * @throws KelvinError `ENGINE_UNREACHABLE`, `ENGINE_FAILED`; `MODEL_NOT_FOUND` where it serves
 *   another model, or several and none was named; `INVALID_OPTION` for an address that is none
 */
export async function probe(name: string, key?: string): Promise<Engine> {
  const address = readAddress(name);
  const client = new Client(address, key);
  const { data } = shaped(Models, await client.ask('/v1/models'), '/v1/models');
  const ids = data.map(({ id }) => id);
  const model = data.find(({ id }) => id === (address.model ?? ids[0]));
  if (!model || (address.model === undefined && data.length > 1))
    throw new KelvinError(
      'MODEL_NOT_FOUND',
      `model "${name}": ${address.base} serves ${ids.join(', ') || 'none'}; to choose: ${address.base}#name`,
    );
  const props = Props.safeParse(await known(client, '/props'));
  if (props.success) return LlamaEngine.open(client, model.id, props.data, model.meta ?? {});
  const context = model.max_model_len ?? model.context_length ?? undefined;
  const isVllm =
    model.owned_by === 'vllm' || (model.max_model_len && (await known(client, '/version')));
  return isVllm
    ? VllmEngine.open(client, model.id, context)
    : OpenAIEngine.open(client, model.id, context);
}

/** What a route answers, if there is one. */
const known = (client: Client, path: string): Promise<unknown> =>
  client.ask(path).catch((cause: unknown) => {
    if (cause instanceof Refusal && cause.status < 500) return undefined;
    throw cause;
  });
