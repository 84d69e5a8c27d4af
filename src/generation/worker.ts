import { parentPort, workerData } from 'node:worker_threads';
import type { ModelPart } from '../model/load-options.ts';
import { LocalModel } from '../model/local-model.ts';
import { openModel } from '../model/open-model.ts';
import { isAddress } from '../model/remote/address.ts';
import { RemoteModel } from '../model/remote/remote-model.ts';
import type { PromptProgress } from '../model/sequence.ts';
import type { TextModel } from '../model/text-model.ts';
import { KelvinError } from '../sampling/error.ts';
import { calibrate } from './calibrate.ts';
import { ExitGate } from './exit-gate.ts';
import { Explorer } from './explorer/explorer.ts';
import type { Order, Report } from './explorer/messages.ts';
import { Grammars } from './grammar/grammars.ts';
import { run } from './loop.ts';
import { toPlain } from './plain-error.ts';
import { AHEAD, type Command, type Reply, type WorkerInput } from './protocol.ts';
import { runByEngine } from './run-by-engine.ts';
import { type Read, score } from './score.ts';

// The thread that owns the model: session, tokenizer, sampler and loop live here together, so
// logits never leave it and the main thread never waits for them.

// Whatever a library prints here is not a result.
process.stdout.write = process.stderr.write.bind(process.stderr);

/** Tokens of a text that is read are told of together. */
const SCORED_MS = 20;

const port = parentPort!;
const reply = (message: Reply) => port.postMessage(message);
const jobs = new Map<number, Job>();

type Loaded = Awaited<ReturnType<typeof openModel>>;

interface Job {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  taken?(count: number): void;
  order?(order: Order): void;
}

const { name, options, gate: shared } = workerData as WorkerInput;
const gate = new ExitGate(shared);
try {
  const progress = (part: ModelPart) => reply({ type: 'loaded', part });
  const open = () => openModel(name, { ...options, progress }, (work) => gate.pass(work));
  // Who waits for an engine is not inside native code.
  const model = await (isAddress(name) ? open() : gate.pass(open));
  const grammars = new Grammars(model.info);
  port.on('message', (command: Command) => obey(model, grammars, command));
  reply({ type: 'ready', info: model.info });
} catch (cause) {
  reply({ type: 'unready', error: toPlain(cause) });
}

function obey(model: Loaded, grammars: Grammars, command: Command): void {
  const { id } = command;
  switch (command.type) {
    case 'generate':
      jobs.set(id, generate(model, grammars, command));
      break;
    case 'taken':
      jobs.get(id)?.taken?.(command.count);
      break;
    case 'score':
      jobs.set(id, scored(model, command));
      break;
    case 'calibrate':
      jobs.set(id, calibrated(model, command));
      break;
    case 'explore':
      jobs.set(id, explore(model, command));
      break;
    case 'order':
      jobs.get(id)?.order?.(command.order);
      break;
    case 'abort':
      jobs.get(id)?.abort.abort();
      break;
    case 'encode':
      void answer(id, async () => value(id, await model.tokenizer.encode(command.text)));
      break;
    case 'decode':
      void answer(id, async () => {
        const { tokenizer }: TextModel = model;
        await tokenizer.learn?.(command.tokens);
        value(id, tokenizer.decode(command.tokens));
      });
      break;
    case 'template':
      void answer(id, async () => value(id, await model.tokenizer.template?.(command.messages)));
      break;
    case 'dispose':
      void dispose(model, grammars);
      break;
  }
}

// Without its port the thread has nothing to live for.
async function dispose(model: Loaded, grammars: Grammars): Promise<void> {
  for (const { abort } of jobs.values()) abort.abort();
  await Promise.all([...jobs.values()].map(({ ended }) => ended));
  grammars.dispose();
  await gate.pass(() => model.dispose());
  port.close();
}

const value = (id: number, content: unknown) => reply({ type: 'value', id, value: content });

async function answer(id: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    reply({ type: 'failed', id, error: toPlain(cause) });
  }
}

function generate(
  model: Loaded,
  grammars: Grammars,
  { id, request, aborted }: Extract<Command, { type: 'generate' }>,
): Job {
  const abort = new AbortController();
  if (aborted) abort.abort();
  const held = request.grammar === undefined ? undefined : grammars.hold(request.grammar);
  let ahead = 0;
  let wake = () => {};
  abort.signal.addEventListener('abort', () => wake());

  const work = async () => {
    const told: PromptProgress = (read, total) => reply({ type: 'read', id, read, total });
    const steps =
      model instanceof RemoteModel && model.info.engine!.sampledBy === 'engine'
        ? runByEngine(model, request, abort.signal)
        : run(model, request, abort.signal, told, held);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return reply({ type: 'summary', id, summary: value });
      reply({ type: 'step', id, step: value });
      ahead += 1;
      // A reader that stops reading must not leave the model running ahead of it.
      while (ahead >= AHEAD && !abort.signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  };
  return {
    abort,
    ended: answer(id, work).finally(() => {
      held?.close();
      jobs.delete(id);
    }),
    taken(count) {
      ahead -= count;
      wake();
    },
  };
}

function scored(model: Loaded, { id, text }: Extract<Command, { type: 'score' }>): Job {
  const abort = new AbortController();
  const work = async () => {
    let reads: Read[] = [];
    let sent = performance.now();
    for await (const read of score(local(model), text, abort.signal)) {
      reads.push(read);
      if (performance.now() - sent < SCORED_MS) continue;
      reply({ type: 'scored', id, reads });
      reads = [];
      sent = performance.now();
    }
    reply({ type: 'scored', id, reads });
    reply({ type: 'value', id, value: undefined });
  };
  return { abort, ended: answer(id, work).finally(() => jobs.delete(id)) };
}

function calibrated(model: Loaded, { id, text }: Extract<Command, { type: 'calibrate' }>): Job {
  const abort = new AbortController();
  const tell = (read: number, total: number) => reply({ type: 'read', id, read, total });
  const work = async () => value(id, await calibrate(local(model), text, abort.signal, tell));
  return { abort, ended: answer(id, work).finally(() => jobs.delete(id)) };
}

function explore(model: Loaded, { id, expedition }: Extract<Command, { type: 'explore' }>): Job {
  const abort = new AbortController();
  const report = (report: Report) => reply({ type: 'report', id, report });
  const opened = Promise.resolve().then(() =>
    Explorer.open(sampled(model), expedition, report, abort.signal),
  );
  const closed = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve());
  });
  const work = async () => {
    const explorer = await opened;
    await closed;
    await explorer.close();
    reply({ type: 'value', id, value: undefined });
  };
  return {
    abort,
    ended: answer(id, work).finally(() => jobs.delete(id)),
    // What was ordered while the prompt was read is done in that order.
    order: (order) => void opened.then((explorer) => explorer.obey(order)).catch(() => {}),
  };
}

/** @throws KelvinError `MODEL_UNSUPPORTED` where an engine runs it */
function local(model: Loaded): LocalModel {
  if (model instanceof LocalModel) return model;
  throw new KelvinError(
    'MODEL_UNSUPPORTED',
    `${model.info.name}: to measure a text takes whole rows of logits, and the engine tells of ${model.info.engine!.candidates} tokens of each`,
  );
}

/** @throws KelvinError `MODEL_UNSUPPORTED` where an engine draws */
function sampled(model: Loaded): Loaded {
  if (model.info.engine?.sampledBy !== 'engine') return model;
  throw new KelvinError(
    'MODEL_UNSUPPORTED',
    `${model.info.name}: what may come next can be explored where kelvin samples: sampledBy must be kelvin`,
  );
}
