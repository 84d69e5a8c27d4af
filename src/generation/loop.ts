import type { PromptProgress } from '../model/sequence.ts';
import type { TextModel } from '../model/text-model.ts';
import { log, type Sample, Sampler } from '../sampling/index.ts';
import { checked, type Judged, withRaw } from './certainty.ts';
import type { Held } from './grammar/held.ts';
import { encodePrompt } from './prompt.ts';
import type { Request } from './settings.ts';
import type { FinishReason, RawCandidate, Step, Summary } from './step.ts';
import { stepOf } from './step-of.ts';
import { StopStrings } from './stop-strings.ts';
import { TextStream } from './text-stream.ts';

/**
 * The decode loop: prompt -> logits -> token -> step, until something ends it. It lives in the
 * thread that owns the model; only steps leave it.
 *
 * @param signal ends the text between two tokens or two chunks of the prompt
 * @param progress is told how far the prompt has been read
 * @param held holds the text to the request's grammar, where it has one
 * @throws KelvinError for a prompt the model cannot take; `NOT_EXACT`
 */
export async function* run(
  model: TextModel,
  request: Request,
  signal: AbortSignal,
  progress?: PromptProgress,
  held?: Held,
): AsyncGenerator<Step, Summary> {
  const started = performance.now();
  const prompt = await encodePrompt(model, request.prompt);
  const { contextLength = Number.POSITIVE_INFINITY, engine } = model.info;
  const sampler = new Sampler({ ...request.sampling, constraint: held });
  const { endTokens } = sampler.options;
  sampler.reset(prompt);
  await model.tokenizer.learn?.(prompt.slice(-CONTEXT));
  const sequence = model.sequence(prompt);
  const reusedTokens = sequence.length;
  const stream = new TextStream(model.tokenizer.decode, prompt);
  const stops = new StopStrings(request.stop);

  let text = '';
  let tokens = 0;
  let exactSteps = 0;
  let stop: string | undefined;
  let finishReason: FinishReason | undefined = request.maxTokens === 0 ? 'length' : undefined;
  let prefilled = started;
  const told: PromptProgress = (read, total) => {
    if (tokens === 0) progress?.(reusedTokens + read, reusedTokens + total);
  };
  /** What comes of some work; undefined where the signal ended it. */
  const unlessAborted = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((cause: unknown) => {
      if (signal.aborted && cause === signal.reason) return undefined;
      sequence.release();
      throw cause;
    });
  const ready = async () => held?.ready(signal);
  let next: readonly number[] = prompt.slice(reusedTokens);
  while (finishReason === undefined) {
    const logits = await unlessAborted(sequence.decode(next, signal, told));
    // Found out while the model ran.
    if (logits) await unlessAborted(ready());
    if (tokens === 0) prefilled = performance.now();
    if (!logits || signal.aborted) {
      finishReason = 'abort';
      break;
    }
    const judged = checked(model, sampler, logits);
    const { certainty } = judged;
    if (certainty?.exact) exactSteps += 1;
    const sample = asModel(
      sampler.sample(judged.row, request.top > 0 ? { top: request.top } : {}),
      logits,
      judged,
    );
    const { token } = sample;
    // The text of a part of a character depends on the parts before it.
    await model.tokenizer.learn?.([...sequence.tokens.slice(-PARTS), token]);
    tokens += 1;
    const isEnd = endTokens.includes(token);
    // A model that cannot say so itself ends where the value may.
    const isOver = endTokens.length === 0 && (await unlessAborted(ready()));
    if (isEnd || isOver) finishReason = 'end';
    else if (tokens === request.maxTokens) finishReason = 'length';
    else if (prompt.length + tokens > contextLength) finishReason = 'context';

    let written = isEnd ? '' : stream.push(token);
    // The last step carries whatever was held back, so the texts of the steps add up.
    if (finishReason !== undefined) written += stream.flush();
    const piece = stops.push(written);
    stop = piece.stop;
    if (stop !== undefined) finishReason = 'stop';
    const rest = finishReason === undefined ? '' : stops.flush();

    const likeliest = request.rawTop === 0 ? undefined : rawTop(logits, request.rawTop, model);
    const step = stepOf(sample, tokens - 1, piece.text + rest, model.tokenizer, likeliest);
    text += step.text;
    yield certainty ? { ...step, ...certainty } : step;
    next = [token];
  }
  model.give(sequence, prompt.length);
  return {
    text,
    finishReason,
    ...(stop === undefined ? {} : { stop }),
    promptTokens: prompt.length,
    reusedTokens,
    tokens,
    seed: sampler.seed,
    settings: request.settings,
    ...(engine && { sampledBy: engine.sampledBy, exactSteps }),
    timings: { prefillMs: prefilled - started, decodeMs: performance.now() - prefilled },
  };
}

/** A sample of what was told alone, with what the model itself gives its tokens. */
function asModel(sample: Sample, logits: Float32Array, judged: Judged): Sample {
  if (judged.row === logits) return sample;
  const { distribution, token } = sample;
  return {
    ...sample,
    logprob: logits[token]!,
    ...(distribution && {
      distribution: {
        ...distribution,
        candidates: withRaw(distribution.candidates, logits, judged),
      },
    }),
  };
}

/** A token's text depends on no more tokens in front of it. */
const CONTEXT = 32;
/** As many tokens more may be one character. */
const PARTS = 3;

/** A sampler that does nothing: what it sees is the model's own distribution. */
const plain = new Sampler({ temperature: 1, seed: 0 });

function rawTop(logits: Float32Array, top: number, { tokenizer }: TextModel): RawCandidate[] {
  return plain.inspect(logits, { top }).candidates.map(({ token, raw }) => ({
    token,
    text: tokenizer.label(token),
    logprob: log(raw),
  }));
}
