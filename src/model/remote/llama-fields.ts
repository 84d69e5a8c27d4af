import type { Order } from './engine.ts';
import { fieldsOf, type Names, told } from './fields.ts';

/** What llama.cpp calls the stages of its chain. */
const SAMPLERS: Readonly<Record<string, string>> = {
  penalties: 'penalties',
  temperature: 'temperature',
  topNSigma: 'top_n_sigma',
  topK: 'top_k',
  topP: 'top_p',
  minP: 'min_p',
  typicalP: 'typ_p',
  xtc: 'xtc',
};
/** The seed that stands for any. */
const RANDOM = 2 ** 32 - 1;

const NAMES: Names = {
  temperature: (value) => ({ temperature: told('llama.cpp', 'temperature', value, 1e30) }),
  dynamicTemperature: (value) => ({
    dynatemp_range: value?.range,
    dynatemp_exponent: value?.exponent,
  }),
  topK: 'top_k',
  topP: 'top_p',
  minP: 'min_p',
  typicalP: 'typical_p',
  topNSigma: 'top_n_sigma',
  minTokensToKeep: 'min_keep',
  xtc: (value) => ({ xtc_probability: value?.probability, xtc_threshold: value?.threshold }),
  mirostat: (value) => ({
    mirostat: value?.version,
    mirostat_tau: value?.tau,
    mirostat_eta: value?.eta,
  }),
  repetitionPenalty: 'repeat_penalty',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  penaltyWindow: 'repeat_last_n',
  // Both in one list, below.
  logitBias: () => ({}),
  bannedTokens: () => ({}),
  seed: (value) => ({ seed: told('llama.cpp', 'seed', value!, RANDOM - 1) }),
  order: () => ({}),
};

/** How llama.cpp is told to sample; what it is not told of, it leaves out. */
export function llamaFields({ sampling, chain }: Order): object {
  const fields = fieldsOf('llama.cpp', sampling, NAMES);
  const { logitBias = {}, bannedTokens = [] } = sampling;
  const biases = Object.entries(logitBias).map(([token, bias]) => [
    Number(token),
    bias === -Infinity ? false : bias,
  ]);
  const samplers = chain.flatMap((name) => SAMPLERS[name] ?? []);
  return {
    ...{ ...fields, samplers },
    logit_bias: [...biases, ...bannedTokens.map((token) => [token, false])],
  };
}
