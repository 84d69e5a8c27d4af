import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/index.ts';
import { NEUTRAL } from './neutral.ts';
import type { Texts } from './texts.ts';
import { rowOf, type Tensor, type TransformersModel } from './transformers-model.ts';

/**
 * `generate` of @xenova/transformers 2.17, which is told of its request in four pieces.
 *
 * @throws KelvinError `INVALID_OPTION` for fields that only later versions have
 */
export async function xenovaGenerate<Output>(
  model: TransformersModel<Output>,
  request: Readonly<Record<string, unknown>>,
  texts: Texts,
): Promise<Output> {
  for (const name of ['streamer', 'stopping_criteria'])
    if (request[name] != null)
      throw new KelvinError(
        'INVALID_OPTION',
        `${name} must be absent here (transformers.js 2.17 has none; it calls callback_function at each token), got ${show(request[name])}`,
      );
  const { inputs, input_ids, attention_mask, logits_processor, ...config } = request;
  const prompts = (inputs ?? input_ids) as Tensor;
  const { list, endTokens } = texts;
  texts.open(prompts?.dims?.[0] ?? 1);
  let turn = list.length - 1;
  let opened = 0;
  const process = (tokens: readonly number[], logits: { data: Float32Array }) => {
    // Texts are told of one by one, those that have ended no more.
    do turn = (turn + 1) % list.length;
    while (list[turn]!.ended && list.some(({ ended }) => !ended));
    const text = list[turn]!;
    if (opened < list.length) {
      const mask = attention_mask as Tensor | undefined;
      text.begin(tokens, mask && rowOf(mask, turn));
      opened += 1;
    }
    text.draw(logits.data, tokens.length, tokens.at(-1)!);
  };
  return model.generate(
    ...([
      prompts,
      {
        ...config,
        ...NEUTRAL,
        ...(endTokens !== undefined && { eos_token_id: endTokens }),
      },
      [...((logits_processor ?? []) as Iterable<unknown>), process],
      attention_mask === undefined ? {} : { inputs_attention_mask: attention_mask },
    ] as never[]),
  );
}
