import type { Drawn, Finish, Told } from '../model/remote/engine.ts';
import type { RemoteModel } from '../model/remote/remote-model.ts';
import { exp, Sampler } from '../sampling/index.ts';
import { invalidOption } from '../sampling/option.ts';
import { encodePrompt } from './prompt.ts';
import type { Request } from './settings.ts';
import type { FinishReason, Step, Summary } from './step.ts';
import { StopStrings } from './stop-strings.ts';

/**
 * The loop where the engine draws: it is told the options once, and what it writes becomes steps.
 * How likely a token was under the model it tells; with what probability it drew, it does not: that
 * is NaN.
 *
 * @param signal ends the text between two tokens
 * @throws KelvinError for a prompt the model cannot take, or an option that the engine has no name
 *   for
 */
export async function* runByEngine(
  model: RemoteModel,
  request: Request,
  signal: AbortSignal,
): AsyncGenerator<Step, Summary> {
  const started = performance.now();
  const { engine, info } = model;
  const isText = !engine.tokens && typeof request.prompt === 'string';
  const prompt = isText ? request.prompt : await encodePrompt(model, request.prompt);
  const promptTokens = typeof prompt === 'string' ? Number.NaN : prompt.length;
  const room = (info.contextLength ?? Number.POSITIVE_INFINITY) + 1 - promptTokens;
  const maxTokens = room < request.maxTokens ? Math.max(0, room) : request.maxTokens;
  const sampler = new Sampler(request.sampling);
  // So that an id that there is not is refused here, by its option's name.
  sampler.edited(new Float32Array(info.vocabularySize));
  const top = Math.max(request.top, request.rawTop);
  const most = info.engine!.mostCandidates;
  if (top > most)
    throw invalidOption(request.top > most ? 'top' : 'rawTop', `in [0, ${most}] here`, top);
  const chain = sampler.describe().filter(({ active }) => active);
  const order = {
    ...{ prompt, maxTokens, top, sampling: { ...request.sampling, seed: sampler.seed } },
    chain: chain.map(({ name }) => name),
  };
  const stops = new StopStrings(request.stop);
  const drawn = engine.write(order, signal);
  let finishReason: FinishReason | undefined =
    maxTokens > 0 ? undefined : maxTokens < request.maxTokens ? 'context' : 'length';
  let prefilled: number | undefined;
  let text = '';
  let tokens = 0;
  let stop: string | undefined;
  try {
    // One ahead, as the last step carries what was held back.
    let next: IteratorResult<Drawn, Finish> | undefined;
    while (finishReason === undefined) {
      next ??= await drawn.next();
      if (signal.aborted) finishReason = 'abort';
      else if (next.done) finishReason = reasonOf(next.value, maxTokens < request.maxTokens);
      else {
        prefilled ??= performance.now();
        const one = next.value;
        next = await drawn.next();
        const piece = stops.push(one.text);
        stop = piece.stop;
        const isLast = next.done && stop === undefined;
        const step = await stepOf(model, one, tokens, piece.text + (isLast ? stops.flush() : ''));
        if (stop !== undefined) finishReason = 'stop';
        tokens += 1;
        text += step.text;
        yield withAsked(step, request);
      }
    }
  } catch (cause) {
    if (!signal.aborted || cause !== signal.reason) throw cause;
    finishReason = 'abort';
  } finally {
    await drawn.return('end').catch(() => {});
  }
  prefilled ??= performance.now();
  return {
    ...{ text, finishReason, promptTokens, reusedTokens: 0, tokens, seed: sampler.seed },
    ...(stop === undefined ? {} : { stop }),
    settings: request.settings,
    sampledBy: 'engine',
    timings: { prefillMs: prefilled - started, decodeMs: performance.now() - prefilled },
  };
}

const reasonOf = (finish: Finish, isCut: boolean): FinishReason =>
  finish === 'length' && isCut ? 'context' : finish;

async function stepOf(model: RemoteModel, one: Drawn, index: number, text: string) {
  const { tokenizer } = model;
  const all: readonly Told[] = [one, ...one.top];
  for (const { token, bytes } of all) if (bytes) tokenizer.know({ token, bytes });
  const unknown = all.filter(({ bytes }) => !bytes).map(({ token }) => token);
  if (unknown.length > 0) await tokenizer.learnEach(unknown);
  const rank = one.top.findIndex(({ token }) => token === one.token);
  const top = one.top.map(({ token, logprob }) => ({
    ...{ token, text: tokenizer.label(token), logprob },
  }));
  return {
    ...{ index, token: one.token, text, logprob: one.logprob, top },
    ...{ shapedLogprob: Number.NaN, entropy: Number.NaN, choices: Number.NaN },
    rank: rank === -1 ? Number.NaN : rank + 1,
    label: tokenizer.label(one.token),
  };
}

/** A step with as many candidates as were asked for. */
function withAsked(
  { top, label, ...step }: Awaited<ReturnType<typeof stepOf>>,
  request: Request,
): Step {
  const shaped = Number.NaN;
  return {
    ...step,
    ...(request.rawTop > 0 && { rawTop: top.slice(0, request.rawTop), label }),
    ...(request.top > 0 && {
      top: top
        .slice(0, request.top)
        .map(({ token, text, logprob }) => ({ token, text, raw: exp(logprob), shaped })),
    }),
  };
}
