import type {
  LanguageModelV3ResponseMetadata,
  LanguageModelV3StreamPart,
  SharedV3Warning,
} from '@ai-sdk/provider';
import type { Step, Summary } from '../../generation/step.ts';
import { KelvinError } from '../../sampling/index.ts';
import { finishReasonOf, metadataOf, usageOf } from './outcome.ts';

/** A text on its way, of which the first step has been read. */
interface Begun {
  readonly first: IteratorResult<Step, Summary>;
  readonly reading: AsyncGenerator<Step, Summary, void>;
  readonly warnings: SharedV3Warning[];
  readonly response: LanguageModelV3ResponseMetadata;
  readonly abortSignal: AbortSignal | undefined;
  /** Whether each step is to be told of as it comes. */
  readonly includeRawChunks: boolean;
  /** Stops the model. */
  stop(): Promise<unknown>;
}

/** The text as the AI SDK streams it. Cancelling the stream stops the model. */
export function streamOf(begun: Begun): ReadableStream<LanguageModelV3StreamPart> {
  const parts = partsOf(begun);
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return();
        await begun.stop();
      },
    },
    { highWaterMark: 0 },
  );
}

const id = '0';

async function* partsOf(begun: Begun): AsyncGenerator<LanguageModelV3StreamPart, void> {
  const { reading, abortSignal } = begun;
  const steps: Step[] = [];
  yield { type: 'stream-start', warnings: begun.warnings };
  yield { type: 'response-metadata', ...begun.response };
  yield { type: 'text-start', id };
  try {
    let { done, value } = begun.first;
    while (!done) {
      const step = value as Step;
      steps.push(step);
      if (begun.includeRawChunks) yield { type: 'raw', rawValue: step };
      // Nothing is final while a character is incomplete or a stop string may be beginning.
      if (step.text !== '') yield { type: 'text-delta', id, delta: step.text };
      ({ done, value } = await reading.next());
    }
    const summary = value as Summary;
    yield { type: 'text-end', id };
    yield {
      type: 'finish',
      finishReason: finishReasonOf(summary),
      usage: usageOf(summary),
      providerMetadata: metadataOf(summary, steps),
    };
  } catch (error) {
    if (abortSignal?.aborted) throw error;
    yield { type: 'error', error };
    yield { type: 'text-end', id };
    yield failed(error, steps.length);
  }
}

function failed(error: unknown, tokens: number): LanguageModelV3StreamPart {
  const none = { total: undefined, noCache: undefined, cacheRead: undefined };
  return {
    type: 'finish',
    finishReason: {
      unified: 'error',
      raw: error instanceof KelvinError ? error.code : undefined,
    },
    usage: {
      inputTokens: { ...none, cacheWrite: undefined },
      outputTokens: { total: tokens, text: tokens, reasoning: 0 },
    },
  };
}
