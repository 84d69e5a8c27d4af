import { peer } from '../../peer.ts';
import { type Contender, sampling } from '../contender.ts';
import type { Model } from '../models.ts';

interface Sequence {
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number>;
  controlledEvaluate(
    input: readonly [number, object][],
  ): Promise<({ next: { logits: Map<number, number> } } | undefined)[]>;
  clearHistory(): Promise<void>;
}
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{ getSequence(): Sequence }>;
    }>;
  }>;
}

const CONTEXT = 2304;

/** llama.cpp by node-llama-cpp, on the CPU, with the same weights as GGUF. */
export async function llama({ gguf, vocabulary }: Model, threads: number): Promise<Contender> {
  const { getLlama } = (await peer('node-llama-cpp/dist/index.js')) as NodeLlamaCpp;
  const binding = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: 'error',
    maxThreads: threads,
  });
  const model = await binding.loadModel({ modelPath: gguf, gpuLayers: 0 });
  const context = await model.createContext({ contextSize: CONTEXT, batchSize: 512, threads });
  const sequence = context.getSequence();
  return {
    async generate(prompt, count, written) {
      await sequence.clearHistory();
      let left = count;
      const options = { ...sampling, topP: 1, minP: 0, yieldEogTokens: true };
      for await (const _ of sequence.evaluate(prompt, options)) {
        written();
        if (--left === 0) break;
      }
    },
    reset: () => sequence.clearHistory(),
    async extend(tokens) {
      const last = tokens.length - 1;
      const evaluated = await sequence.controlledEvaluate(
        tokens.map((token, i) => [token, { generateNext: i === last ? { logits: true } : {} }]),
      );
      const logits = new Float32Array(vocabulary);
      for (const [token, logit] of evaluated[last]!.next.logits) logits[token] = logit;
      return logits;
    },
  };
}
