import type { TextModel } from '../../model/text-model.ts';
import { log, type Sampler, type SamplingOptions } from '../../sampling/index.ts';
import { checked, judged, withRaw } from '../certainty.ts';
import { measuring } from '../measure.ts';
import { type PlainError, toPlain } from '../plain-error.ts';
import { encodePrompt } from '../prompt.ts';
import { TextStream } from '../text-stream.ts';
import { Batch } from './batch.ts';
import { explain } from './explain.ts';
import { Known } from './known.ts';
import { look } from './look.ts';
import { mark } from './marks.ts';
import type { Expedition, Order, Pause, Question, Report } from './messages.ts';
import { Pacer } from './pacer.ts';
import { Seat } from './seat.ts';
import { Texts } from './texts.ts';
import type { Node } from './tree.ts';
import type { Written } from './view.ts';

/**
 * One prompt and all texts that are tried after it, in the thread that owns the model. It writes,
 * goes back, branches, and tells what may come next anywhere, under settings that may change at any
 * time. What was computed once is used again: turning a knob runs nothing.
 */
export class Explorer {
  readonly #model: TextModel;
  readonly #known: Known;
  readonly #report: (report: Report) => void;
  readonly #batch: Batch;
  readonly #measure: ReturnType<typeof measuring>;
  readonly #pacer = new Pacer();
  #settings = -1;
  #texts!: Texts;
  #isPlaying = false;
  /** A sampler of the present settings; the one that writes, and the one that looks around. */
  #seat!: () => Seat;
  #writer!: Seat;
  #viewer!: Seat;
  /** Counts what was begun; what finds that it is not the latest gives up. */
  #run = 0;
  #marking = 0;

  private constructor(model: TextModel, known: Known, report: (report: Report) => void) {
    this.#model = model;
    this.#known = known;
    this.#report = report;
    this.#batch = new Batch((entries) => report({ type: 'wrote', entries }));
    this.#measure = measuring(model.info.vocabularySize);
  }

  /**
   * Reads a prompt.
   *
   * @param signal gives it up between two chunks
   * @throws KelvinError for a prompt the model cannot take
   */
  static async open(
    model: TextModel,
    { prompt, sampling }: Expedition,
    report: (report: Report) => void,
    signal: AbortSignal,
  ): Promise<Explorer> {
    const tokens = await encodePrompt(model, prompt);
    await model.tokenizer.learn?.(tokens, signal);
    const stream = new TextStream(model.tokenizer.decode);
    report({
      type: 'opened',
      prompt: tokens.map((token) => ({ token, text: stream.push(token) })),
    });
    const known = await Known.read(model, tokens, signal, (read, total) =>
      report({ type: 'read', read, total }),
    );
    const explorer = new Explorer(model, known, report);
    explorer.#set(sampling);
    report({ type: 'ready' });
    return explorer;
  }

  obey(order: Order): void {
    switch (order.type) {
      case 'settings':
        this.#set(order.sampling);
        break;
      case 'play':
        void this.#play(order.from, order.count);
        break;
      case 'pace':
        this.#pacer.pace = order.pace;
        break;
      case 'pause':
        this.#halt();
        this.#report({ type: 'paused', pause: 'asked' });
        break;
      case 'choose':
        this.#stop();
        void this.#answer(order);
        break;
      default:
        void this.#answer(order);
    }
  }

  async close(): Promise<void> {
    this.#halt();
    this.#marking += 1;
    await this.#known.release();
  }

  #halt(): void {
    this.#run += 1;
    this.#isPlaying = false;
    this.#batch.flush();
    this.#pacer.interrupt();
  }

  /** Tells of it, if something is being written. */
  #stop(): void {
    const wasPlaying = this.#isPlaying;
    this.#halt();
    if (wasPlaying) this.#report({ type: 'paused', pause: 'asked' });
  }

  #set(options: SamplingOptions): void {
    // What was written before is told of before what is looked at from here on.
    this.#batch.flush();
    this.#settings += 1;
    const number = this.#settings;
    const { info } = this.#model;
    this.#texts = new Texts(this.#model, this.#known, options.endTokens ?? []);
    this.#seat = () => new Seat(number, options, info.vocabularySize, this.#known);
    this.#writer = this.#seat();
    this.#viewer = this.#seat();
  }

  async #play(from: number, count: number): Promise<void> {
    this.#halt();
    const run = this.#run;
    const isLatest = () => run === this.#run;
    this.#isPlaying = true;
    const done = (report: { pause: Pause; error?: PlainError }) => {
      if (!isLatest()) return;
      this.#isPlaying = false;
      this.#batch.flush();
      this.#report({ type: 'paused', ...report });
    };
    try {
      let node = this.#known.tree.node(from);
      const text = this.#texts.upTo(node);
      for (let written = 0; written < count; written++) {
        const end = this.#texts.endAt(node);
        if (end) return done({ pause: end });
        await this.#pacer.turn();
        if (!isLatest()) return;
        const row = await this.#known.row(node);
        const { settings, sample, next } = await this.#draw(node, row, isLatest);
        if (!sample) return;
        await this.#model.tokenizer.learn?.(this.#texts.tokensTo(next));
        const parent = node.id;
        node = next;
        const { token, logprob, shapedLogprob, entropy, rawEntropy, rank } = sample;
        const measured = { logprob, rawEntropy, rank, shapedLogprob, entropy };
        const wasSent = this.#batch.add({
          ...{ node: node.id, parent, token, text: this.#texts.of(node, text), ...measured },
          ...{ settings, isChosen: false },
        });
        // Where nothing needs to be computed, orders come in only now.
        if (wasSent) await new Promise((resolve) => setImmediate(resolve));
      }
      done({ pause: 'count' });
    } catch (cause) {
      done({ pause: 'failed', error: toPlain(cause) });
    }
  }

  /** Draws under the settings that hold when the token is drawn. */
  async #draw(node: Node, row: Float32Array, isWanted: () => boolean) {
    for (;;) {
      const writer = this.#writer;
      const rowFor = (sampler: Sampler) =>
        isWanted() && writer === this.#writer ? checked(this.#model, sampler, row).row : undefined;
      const [sample, next = node] = (await writer.draw(node, rowFor)) ?? [];
      if (!sample && isWanted()) continue;
      // Among told tokens alone it would be another.
      const logprob = this.#model.sight(row) && { logprob: row[sample?.token ?? 0]! };
      return { settings: writer.settings, sample: sample && { ...sample, ...logprob }, next };
    }
  }

  async #answer(question: Question): Promise<void> {
    const { ticket } = question;
    try {
      this.#report({ type: 'answer', ticket, value: await this.#find(question) });
    } catch (cause) {
      this.#report({ type: 'refusal', ticket, error: toPlain(cause) });
    }
  }

  async #find(question: Question): Promise<unknown> {
    const { tree } = this.#known;
    const node = tree.node(question.node);
    if (question.type === 'marks') {
      this.#marking += 1;
      const marking = this.#marking;
      return mark(this.#seat(), this.#known, node, () => marking === this.#marking);
    }
    const row = await this.#known.row(node);
    if (question.type === 'choose')
      await this.#model.tokenizer.learn?.([...this.#texts.tokensTo(node), question.token]);
    const viewer = this.#viewer;
    const { settings } = viewer;
    const { label } = this.#model.tokenizer;
    return viewer.use(node, (sampler) => {
      const found = judged(this.#model, sampler, row);
      switch (question.type) {
        case 'choose':
          return this.#choose(node, row, question.token, sampler, settings);
        case 'look': {
          const started = performance.now();
          const seen = look(sampler, node.depth, found.row, question.top, label);
          const certainty = found.certainty && {
            ...found.certainty,
            candidates: withRaw(seen.candidates, row, found),
            edges: withRaw(seen.edges, row, found),
          };
          const took = performance.now() - started;
          return { node: node.id, settings, ...seen, ...certainty, took };
        }
        case 'explain': {
          const { token, top } = question;
          const how = explain(sampler, found.row, token, top, label);
          return { node: node.id, settings, ...withRaw([how], row, found)[0]! };
        }
      }
    });
  }

  #choose(
    node: Node,
    row: Float32Array,
    token: number,
    sampler: Sampler,
    settings: number,
  ): Written {
    // A token that there is not must not become a node.
    const { shaped } = sampler.candidate(row, token);
    const child = this.#known.tree.child(node, token);
    return {
      node: child.id,
      parent: node.id,
      token,
      text: this.#texts.of(child, this.#texts.upTo(node)),
      ...this.#measure(row, token),
      shapedLogprob: log(shaped),
      entropy: sampler.inspect(row, { top: 0 }).entropy,
      settings,
      isChosen: true,
    };
  }
}
