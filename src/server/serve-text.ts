import { randomUUID } from 'node:crypto';
import type { Model } from '../generation/model.ts';
import { alive } from './alive.ts';
import { type Frame, pieces, whole } from './answer.ts';
import { fingerprintOf } from './engine.ts';
import { events } from './events.ts';
import type { Jobs } from './jobs.ts';
import type { Metrics } from './metrics.ts';
import type { Asked } from './request.ts';
import type { Shape } from './shape.ts';
import type { Slots } from './slots.ts';
import type { Visit } from './visit.ts';
import { type Written, write } from './write.ts';

/** What all requests of a server share. */
export interface Means {
  readonly jobs: Jobs;
  readonly slots: Slots;
  readonly metrics: Metrics;
  /** After so much silence a stream tells that it is still there; 0 for never. */
  readonly pingMs: number;
}

/** A request for text, read. */
export interface Order {
  readonly asked: Asked;
  readonly shape: Shape;
  readonly model: Model;
  /** How many texts it asks for. */
  readonly texts: number;
  /** Its prompts as tokens, checked. */
  prompts(): Promise<readonly (readonly number[])[]>;
}

/**
 * Answers a request for text, whole or as a stream.
 *
 * @param client aborts where the client goes away
 * @throws what is wrong with the request; for a stream, before its first token or ping
 */
export async function serveText(
  order: Order,
  client: AbortSignal,
  visit: Visit,
  means: Means,
): Promise<Response> {
  const { asked, shape, model } = order;
  const job = means.jobs.open(client, means.slots.enter(order.texts));
  visit.note({ user: asked.user, stream: asked.stream });
  try {
    const work = { prompts: await order.prompts(), n: asked.n, options: asked.options };
    const written = noted(write(work, job, { model, ...means }), visit);
    const frame: Frame = {
      id: `${shape.prefix}-${randomUUID()}`,
      created: Math.floor(Date.now() / 1000),
      model: model.info.name,
      system_fingerprint: fingerprintOf(model),
    };
    if (!asked.stream) return Response.json(await whole(written, asked, shape, frame));
    const objects = alive(pieces(written, asked, shape, frame), means.pingMs);
    // What is wrong with a request often shows at its first token, while there is a status to tell.
    // A long silence is worse than an error without one, as proxies take it for the end.
    const first = await objects.next();
    visit.isStreaming = true;
    return events(resumed(first, objects), job, (cause) => {
      job.close();
      if (cause === undefined) visit.close(200);
      else visit.fail(cause);
    });
  } finally {
    if (!visit.isStreaming) job.close();
  }
}

/** An iterator one of whose results has been taken already. */
async function* resumed<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  if (first.done) return;
  try {
    yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** Tells the log how long the texts were and why they ended. */
async function* noted(written: AsyncIterable<Written>, visit: Visit): AsyncGenerator<Written> {
  let tokens = 0;
  const finished: string[] = [];
  for await (const event of written) {
    if (event.step) tokens += 1;
    else finished.push(event.summary.finishReason);
    visit.note({ tokens, finished });
    yield event;
  }
}
