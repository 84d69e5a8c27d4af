import { KelvinError } from '../../sampling/index.ts';
import { NEUTRAL } from './neutral.ts';
import type { SampledText } from './text.ts';
import { inner, Texts, type TransformersOptions } from './texts.ts';
import { rowOf, type Tensor, type TransformersModel } from './transformers-model.ts';

/** What has a call of @huggingface/transformers sample with kelvin. */
export interface Prepared {
  /** Fields for `generate` or a text-generation pipeline, behind all others; they serve one call. */
  readonly request: Readonly<Record<string, unknown>>;
  /** The texts of the batch; filled as they are drawn. */
  readonly texts: readonly SampledText[];
}

/**
 * Has one call of @huggingface/transformers (3 and 4) sample with kelvin, where that call is not
 * yours: in a pipeline. Elsewhere `generate` is better, as it refuses settings that do not act.
 *
 * @param model the pipeline's `model`
 * @throws KelvinError as `generate`
 */
export function prepare(model: TransformersModel, options: TransformersOptions = {}): Prepared {
  if (!inner(model).sessions)
    throw new KelvinError(
      'MODEL_UNSUPPORTED',
      'model must be one of @huggingface/transformers: pipelines of 2.17 take no processor of logits, but generate of kelvin/transformers works there',
    );
  return prepared(new Texts(model, options));
}

/**
 * @param mask 0 where the prompts are padded
 * @param processors that look at the logits before kelvin does
 */
export function prepared(
  texts: Texts,
  mask?: Tensor,
  processors: Iterable<unknown> = [],
): Prepared {
  const { list, endTokens } = texts;
  const process = (
    ids: readonly (readonly bigint[])[],
    logits: Tensor & { data: Float32Array },
  ) => {
    if (list.length === 0) {
      texts.open(ids.length);
      ids.forEach((tokens, i) => {
        list[i]!.begin(tokens.map(Number), mask && rowOf(mask, i));
      });
    }
    const size = logits.dims.at(-1)!;
    ids.forEach((tokens, i) => {
      const row = logits.data.subarray(i * size, (i + 1) * size);
      list[i]!.draw(row, tokens.length, Number(tokens.at(-1)));
    });
    return logits;
  };
  return {
    request: {
      ...NEUTRAL,
      ...(endTokens !== undefined && { eos_token_id: endTokens }),
      logits_processor: [...processors, process],
    },
    texts: list,
  };
}
