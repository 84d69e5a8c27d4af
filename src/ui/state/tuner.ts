import type { TradeOff } from '../../evaluation/index.ts';
import { type Event, type Exploration, explore } from '../../generation/explorer/explore.ts';
import type { Pause } from '../../generation/explorer/messages.ts';
import type { Model } from '../../generation/model.ts';
import { fromPlain } from '../../generation/plain-error.ts';
import type { Read } from '../../generation/score.ts';
import type { SamplingOptions } from '../../sampling/index.ts';
import type { Command } from '../commands.ts';
import { Metrics } from './metrics.ts';
import { referenceOf } from './reference.ts';
import { inFull, Settings } from './settings.ts';
import { Speed } from './speed.ts';
import { Store } from './store.ts';
import { Timeline } from './timeline.ts';
import { Viewer } from './viewer.ts';

/** How far one has come with a text. */
export type Phase = 'reading' | 'playing' | 'paused' | 'ended' | 'failed';

/**
 * One prompt being tuned: what is written, where one is, what the knobs stand at, what may come
 * next. It tells the explorer what to do and shows what comes back; it computes nothing.
 */
export class Tuner extends Store {
  readonly model: Model;
  readonly prompt: string;
  readonly settings: Settings;
  readonly timeline = new Timeline();
  readonly viewer: Viewer;
  readonly metrics = new Metrics();
  readonly speed = new Speed();
  /** The prompt's tokens; how likely each was, as soon as that is known. */
  read: readonly Read[] = [];
  /** The prompt's own point: what the model expected where people wrote, and what they wrote. */
  reference: TradeOff | undefined;
  /** The prompt as a text: how diverse it is, and how likely the model finds it. */
  ownText: TradeOff | undefined;
  progress = 0;
  phase: Phase = 'reading';
  /** Why it is at rest. */
  pause: Pause | undefined;
  error: Error | undefined;
  /** As many tokens are written before it rests by itself. */
  readonly limit: number;
  pace = Number.POSITIVE_INFINITY;
  readonly exploration: Exploration;
  #plays = false;
  /** How many single tokens were asked for and have not come yet. */
  #owed = 0;
  #isChoosing = false;
  readonly #abort = new AbortController();

  /** @throws KelvinError for settings that are none, or do not go together */
  constructor(model: Model, prompt: string, options: SamplingOptions, limit: number) {
    super();
    this.model = model;
    this.prompt = prompt;
    this.limit = limit;
    this.exploration = explore(model, prompt, options, (event) => this.#hear(event));
    this.settings = new Settings(this.exploration.settings[0]!, model.info.vocabularySize);
    this.viewer = new Viewer(
      this.exploration,
      () => this.#place(),
      () => this.changed(),
    );
  }

  get isPlaying(): boolean {
    return this.phase === 'playing';
  }

  /** Whether it plays as soon as the prompt is read. */
  get playsOn(): boolean {
    return this.#plays;
  }

  /** Whether tokens were asked for one by one and are still to come. */
  get isDrawing(): boolean {
    return this.#owed > 0 || this.#isChoosing;
  }

  /** How many tokens there are when it next rests by itself, or just has. */
  get goal(): number {
    return Math.max(1, Math.ceil(this.timeline.place / this.limit)) * this.limit;
  }

  play(): void {
    const { timeline } = this;
    if (this.phase === 'reading') {
      this.#plays = !this.#plays;
      return;
    }
    this.phase = 'playing';
    this.error = undefined;
    this.#owed = 0;
    timeline.writeHere();
    this.viewer.forgetMarks();
    this.speed.start();
    // Who goes on behind the limit wants as much again.
    const count = this.limit - (timeline.place % this.limit);
    this.exploration.pace = this.pace;
    this.exploration.play(timeline.node(), count);
    this.#moved();
  }

  rest(): void {
    if (this.phase !== 'playing') return;
    this.phase = 'paused';
    this.exploration.pause();
    this.#moved();
  }

  /** Draws one token at the end of the branch; called before it has come, one more. */
  draw(): void {
    this.#owed += 1;
    if (this.#owed === 1) this.#draw();
  }

  goTo(place: number): void {
    this.#walk(() => this.timeline.goTo(place));
  }

  switchBranch(steps: number): void {
    this.#walk(() => this.timeline.switchBranch(steps));
  }

  /** Writes a token of one's own choice at the place, and goes on from there. */
  async choose(token: number): Promise<void> {
    const { timeline } = this;
    this.#owed = 0;
    timeline.writeHere();
    this.#isChoosing = true;
    const entry = await this.exploration.choose(timeline.node(), token).finally(() => {
      this.#isChoosing = false;
    });
    timeline.write(entry);
    // Who has gone elsewhere meanwhile is left in peace.
    if (timeline.node() === entry.node) this.play();
  }

  /**
   * Does what a command asks of the knobs.
   *
   * @returns false for a command that is not about them
   * @throws KelvinError where the sampler refuses; everything is then as it was
   */
  turn(command: Command, key: string): boolean {
    const options = this.settings.after(command, key);
    if (!options) return false;
    if (options !== this.settings.options) this.exploration.set(inFull(options));
    this.settings.take(options, command);
    this.viewer.hurry();
    this.#moved();
    return true;
  }

  setPace(pace: number): void {
    this.pace = pace;
    this.exploration.pace = pace;
    this.changed();
  }

  #draw(): void {
    this.timeline.writeHere();
    // Who asks for one token waits for no other.
    this.exploration.pace = Number.POSITIVE_INFINITY;
    this.exploration.play(this.timeline.node(), 1);
  }

  #walk(go: () => void): void {
    this.#owed = 0;
    go();
    if (this.phase === 'ended') this.phase = 'paused';
    this.#moved();
  }

  close(): void {
    this.#abort.abort();
    this.viewer.close();
    this.exploration.close();
  }

  #moved(): void {
    this.metrics.follow(this.timeline.written, this.timeline.place);
    this.viewer.refresh();
    this.changed();
  }

  /** What is looked at: while tokens come, what the last one was drawn from; else what comes next. */
  #place() {
    const { timeline, isPlaying } = this;
    const length = isPlaying ? Math.max(0, timeline.place - 1) : timeline.place;
    const { contextLength = Number.POSITIVE_INFINITY } = this.model.info;
    const hasMore = this.read.length + length <= contextLength;
    return {
      node: timeline.node(hasMore ? length : length - 1),
      end: timeline.node(timeline.written.length),
      isPlaying,
    };
  }

  #hear(event: Event): void {
    if (event instanceof Error) {
      this.phase = 'failed';
      this.error = event;
      this.changed();
      return;
    }
    switch (event.type) {
      case 'opened':
        this.read = event.prompt;
        break;
      case 'read':
        this.progress = event.read / event.total;
        break;
      case 'ready':
        this.phase = 'paused';
        void this.#score();
        if (this.#plays) this.play();
        else this.#moved();
        break;
      case 'wrote':
        for (const entry of event.entries) this.timeline.write(entry);
        this.speed.count(event.entries.length);
        this.#moved();
        break;
      case 'paused':
        this.pause = event.pause;
        if (event.error) this.error = fromPlain(event.error);
        this.#rested(event.pause);
        // At rest what is seen is what comes next, at once.
        this.viewer.hurry();
        this.#moved();
        break;
    }
    this.changed();
  }

  #rested(pause: Pause): void {
    if (pause === 'asked' || pause === 'count') {
      if (this.phase === 'playing') this.phase = 'paused';
    } else if (this.phase === 'playing' || this.#owed > 0) this.phase = 'ended';
    if (pause === 'asked') return;
    this.#owed = pause === 'count' ? Math.max(0, this.#owed - 1) : 0;
    if (this.#owed > 0) this.#draw();
  }

  async #score(): Promise<void> {
    const known = await referenceOf(this.model, this.prompt, this.#abort.signal);
    if (!known) return;
    this.read = known.read;
    this.reference = known.expected;
    this.ownText = known.written;
    this.changed();
  }
}
