import { exp } from '../../sampling/index.ts';
import { type Event, type Exploration, explore } from '../explorer/explore.ts';
import type { Written } from '../explorer/view.ts';
import { Inbox } from '../inbox.ts';
import type { Model } from '../model.ts';
import { fromPlain } from '../plain-error.ts';
import { type Difference, differenceOf, STEP } from './difference.ts';
import type { RecordedBranch, RecordedSession } from './record.ts';

type Step = RecordedBranch['steps'][number];

/** See `replay`. */
export async function replaySession(
  model: Model,
  { prompt, branches }: RecordedSession,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  signal.throwIfAborted();
  const events = new Inbox<Event>();
  const abort = () => events.put(signal.reason);
  signal.addEventListener('abort', abort);
  const first = branches[0]?.steps[0]?.settings ?? {};
  const exploration = explore(model, prompt.tokens, first, (event) => events.put(event));
  try {
    const found = { text: await promptText(events) };
    const at = { line: 1, place: 'prompt' };
    const difference = differenceOf(at, ['text'], { text: prompt.text }, found);
    return difference ?? (await replayBranches(exploration, events, branches));
  } finally {
    signal.removeEventListener('abort', abort);
    exploration.close();
  }
}

async function promptText(events: Inbox<Event>): Promise<string> {
  for (;;) {
    const event = await events.take();
    if (event instanceof Error) throw event;
    if (event.type === 'opened') return event.prompt.map(({ text }) => text).join('');
  }
}

async function replayBranches(
  exploration: Exploration,
  events: Inbox<Event>,
  branches: readonly RecordedBranch[],
): Promise<Difference | undefined> {
  /** The nodes of each branch. */
  const paths: number[][] = [];
  for (const [n, { from, steps }] of branches.entries()) {
    const path = from ? paths[from.branch]!.slice(0, from.index) : [];
    paths.push(path);
    for (const run of runs(steps)) {
      exploration.set(run[0]!.settings);
      const written = run[0]!.chosen
        ? chosen(exploration, path.at(-1) ?? 0, run[0]!)
        : played(exploration, events, path.at(-1) ?? 0, run.length);
      let read = 0;
      for await (const entry of written) {
        const recorded = run[read]!;
        read += 1;
        path.push(entry.node);
        const at = { line: recorded.line, place: `branch ${n}, token ${recorded.index}` };
        const found = { ...entry, choices: exp(entry.entropy) };
        const difference = differenceOf(at, STEP, recorded, found);
        if (difference) return difference;
      }
      const missing = run[read];
      if (missing)
        return {
          ...{ line: missing.line, place: `branch ${n}, token ${missing.index}`, field: 'token' },
          ...{ recorded: missing.token, found: 'the end of the text' },
        };
    }
  }
  return undefined;
}

/** Steps that can be written in one go: drawn under the same settings, or a chosen one. */
function runs(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const step of steps) {
    const last = runs.at(-1)?.at(-1);
    const goesOn = last && !last.chosen && !step.chosen && last.settings === step.settings;
    if (goesOn) runs.at(-1)!.push(step);
    else runs.push([step]);
  }
  return runs;
}

async function* chosen(
  exploration: Exploration,
  node: number,
  { token }: Step,
): AsyncGenerator<Written, void> {
  yield await exploration.choose(node, token);
}

async function* played(
  exploration: Exploration,
  events: Inbox<Event>,
  node: number,
  count: number,
): AsyncGenerator<Written, void> {
  exploration.play(node, count);
  for (;;) {
    const event = await events.take();
    if (event instanceof Error) throw event;
    if (event.type === 'wrote') yield* event.entries;
    if (event.type !== 'paused') continue;
    if (event.error) throw fromPlain(event.error);
    return;
  }
}
