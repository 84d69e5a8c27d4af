import { checkRequest } from './neutral.ts';
import { prepared } from './prepare.ts';
import type { SampledText } from './text.ts';
import { inner, Texts, type TransformersOptions } from './texts.ts';
import type { Tensor, TransformersModel } from './transformers-model.ts';
import { xenovaGenerate } from './xenova.ts';

/** What a model of transformers.js has generated. */
export interface Sampled<Output> {
  /** What its own `generate` gives: the tokens, prompts included. */
  readonly output: Output;
  /** Of each prompt, in order: the seed, and every token drawn with its log probabilities. */
  readonly texts: readonly SampledText[];
}

/**
 * The `generate` of a model of transformers.js, sampled by kelvin: of @huggingface/transformers 3
 * and 4 or of @xenova/transformers 2.17, which ignore top-p, min-p and a seed, and tell no log
 * probabilities. What is absent from the options comes from the model's own
 * `generation_config.json`, as in kelvin's `generate`; with the same options the same logits give
 * the same tokens.
 *
 * @param request what that `generate` takes: `input_ids` (or `inputs`), `attention_mask`,
 *   `max_new_tokens`, `streamer`, `logits_processor` (at work before kelvin), ... but for its
 *   sampling settings
 * @param options any sampling option, and `top`
 * @throws KelvinError `UNKNOWN_OPTION` or `INVALID_OPTION` naming the option, the allowed values and
 *   the value received; `INVALID_OPTION` for fields of the request that would not act
 */
export async function generate<Output>(
  model: TransformersModel<Output>,
  request: Readonly<Record<string, unknown>>,
  options: TransformersOptions = {},
): Promise<Sampled<Output>> {
  checkRequest(request);
  const texts = new Texts(model, options);
  const output = inner(model).sessions
    ? await huggingFaceGenerate(model, request, texts)
    : await xenovaGenerate(model, request, texts);
  return { output, texts: texts.list };
}

function huggingFaceGenerate<Output>(
  model: TransformersModel<Output>,
  request: Readonly<Record<string, unknown>>,
  texts: Texts,
): Promise<Output> {
  const { attention_mask, logits_processor } = request;
  const processors = (logits_processor ?? []) as Iterable<unknown>;
  const ours = prepared(texts, attention_mask as Tensor | undefined, processors);
  return model.generate({ ...request, ...ours.request } as never);
}
