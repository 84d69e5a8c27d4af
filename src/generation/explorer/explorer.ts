import type { LocalModel } from '../../model/local-model.ts';
import { log, type SamplingOptions } from '../../sampling/index.ts';
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
import { type Node, pathFrom } from './tree.ts';
import type { Written } from './view.ts';

/** A token's text may depend on no more tokens in front of it. */
const CONTEXT = 32;

/**
 * One prompt and all texts that are tried after it, in the thread that owns the model. It writes,
 * goes back, branches, and tells what may come next anywhere, under settings that may change at any
 * time. What was computed once is used again: turning a knob runs nothing.
 */
export class Explorer {
  readonly #model: LocalModel;
  readonly #known: Known;
  readonly #report: (report: Report) => void;
  readonly #batch: Batch;
  readonly #measure: ReturnType<typeof measuring>;
  readonly #pacer = new Pacer();
  #settings = -1;
  /** A sampler of the present settings; the one that writes, and the one that looks around. */
  #seat!: () => Seat;
  #writer!: Seat;
  #viewer!: Seat;
  /** Counts what was begun; what finds that it is not the latest gives up. */
  #run = 0;
  #marking = 0;

  private constructor(model: LocalModel, known: Known, report: (report: Report) => void) {
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
    model: LocalModel,
    { prompt, sampling }: Expedition,
    report: (report: Report) => void,
    signal: AbortSignal,
  ): Promise<Explorer> {
    const tokens = encodePrompt(model, prompt);
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
        void this.#play(this.#known.tree.node(order.from), order.count);
        break;
      case 'pace':
        this.#pacer.pace = order.pace;
        break;
      case 'pause':
        this.#halt();
        this.#report({ type: 'paused', pause: 'asked' });
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
    this.#batch.flush();
    this.#pacer.interrupt();
  }

  #set(options: SamplingOptions): void {
    this.#settings += 1;
    this.#seat = () => new Seat(options, this.#model.info.vocabularySize, this.#known);
    this.#writer = this.#seat();
    this.#viewer = this.#seat();
  }

  async #play(from: Node, count: number): Promise<void> {
    this.#halt();
    const run = this.#run;
    const done = (report: { pause: Pause; error?: PlainError }) => {
      if (run !== this.#run) return;
      this.#batch.flush();
      this.#report({ type: 'paused', ...report });
    };
    try {
      const text = this.#textAt(from);
      let node = from;
      for (let written = 0; written < count; written++) {
        const end = this.#endAt(node);
        if (end) return done({ pause: end });
        await this.#pacer.turn();
        const row = await this.#known.row(node);
        if (run !== this.#run) return;
        const [{ token, logprob, shapedLogprob, entropy, rawEntropy, rank }, next] =
          this.#writer.draw(node, row);
        const parent = node.id;
        node = next;
        const measured = { logprob, rawEntropy, rank, shapedLogprob, entropy };
        const wasSent = this.#batch.add({
          ...{ node: node.id, parent, token, text: text.push(token), ...measured },
          ...{ settings: this.#settings, isChosen: false },
        });
        // Where nothing needs to be computed, orders come in only now.
        if (wasSent) await new Promise((resolve) => setImmediate(resolve));
      }
      done({ pause: 'count' });
    } catch (cause) {
      done({ pause: 'failed', error: toPlain(cause) });
    }
  }

  /** What ends a text at a node: an end token, or the model's context. */
  #endAt({ token, depth }: Node): Pause | undefined {
    const { endTokens, contextLength = Number.POSITIVE_INFINITY } = this.#model.info;
    if (depth > 0 && endTokens.includes(token)) return 'end';
    if (this.#known.prompt.length + depth > contextLength) return 'context';
    return undefined;
  }

  #textAt(node: Node): TextStream {
    const { prompt, tree } = this.#known;
    const tokens = [...prompt, ...pathFrom(tree.root, node).map(({ token }) => token)];
    return new TextStream(this.#model.tokenizer.decode, tokens.slice(-CONTEXT));
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
    const settings = this.#settings;
    const sampler = this.#viewer.at(node);
    const { label } = this.#model.tokenizer;
    switch (question.type) {
      case 'choose':
        return this.#choose(node, row, question.token);
      case 'look':
        return { node: node.id, settings, ...look(sampler, node.depth, row, question.top, label) };
      case 'explain':
        return {
          node: node.id,
          settings,
          ...explain(sampler, row, question.token, question.top, label),
        };
    }
  }

  #choose(node: Node, row: Float32Array, token: number): Written {
    const sampler = this.#viewer.at(node);
    return {
      node: this.#known.tree.child(node, token).id,
      parent: node.id,
      token,
      text: this.#textAt(node).push(token),
      ...this.#measure(row, token),
      shapedLogprob: log(sampler.candidate(row, token).shaped),
      entropy: sampler.inspect(row, { top: 0 }).entropy,
      settings: this.#settings,
      isChosen: true,
    };
  }
}
