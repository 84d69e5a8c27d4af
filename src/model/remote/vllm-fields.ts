import { KelvinError } from '../../sampling/error.ts';
import type { Order } from './engine.ts';
import { fieldsOf, type Names, told } from './fields.ts';

const NAMES: Names = {
  temperature: (value) => ({ temperature: told('vllm', 'temperature', value, 1e30) }),
  // Older ones know 0 as no number of tokens.
  topK: (value) => ({ top_k: value || -1 }),
  topP: 'top_p',
  minP: 'min_p',
  repetitionPenalty: 'repetition_penalty',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  minNewTokens: 'min_tokens',
  allowedTokens: (value) => (value ? { allowed_token_ids: value } : {}),
  logitBias: (value) => {
    // It holds them between -100 and 100.
    if (!Object.values(value).every((bias) => Math.abs(bias) <= 100))
      throw new KelvinError(
        'INVALID_OPTION',
        'logitBias must hold biases in [-100, 100] where vllm samples',
      );
    return { logit_bias: value };
  },
  seed: 'seed',
};

/** How vLLM is told to sample. */
export const vllmFields = ({ sampling }: Order): object => fieldsOf('vllm', sampling, NAMES);
