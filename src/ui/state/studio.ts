import type { Model } from '../../generation/model.ts';
import type { LoadOptions } from '../../model/load-options.ts';
import { reason } from '../../model/reason.ts';
import type { SamplingOptions } from '../../sampling/index.ts';
import type { Mode } from '../commands.ts';
import type { Comparison } from './comparison.ts';
import type { Edited } from './editor.ts';
import { Loader } from './loader.ts';
import { Settings } from './settings.ts';
import { Store } from './store.ts';
import { Sweeping } from './sweeping.ts';
import { Tuner } from './tuner.ts';

/** What the screen is asked to begin with. */
export interface Opening {
  readonly model?: string | undefined;
  readonly load?: LoadOptions;
  readonly prompt: string;
  readonly options: SamplingOptions;
  /** What the options come to with the model's own, to be shown until it is loaded. */
  readonly expected?: SamplingOptions;
  /** The most tokens it writes by itself. */
  readonly limit: number;
  /** The most tokens a second; Infinity as fast as they come. */
  readonly pace: number;
}

/** A list to choose from. */
export interface Menu {
  readonly title: string;
  readonly items: readonly MenuItem[];
  index: number;
}

export interface MenuItem {
  readonly label: string;
  /** What is chosen, to be read before it is. */
  readonly preview?: string;
  take(): void | Promise<void>;
}

/** A line of text being written. */
export interface Editing extends Edited {
  readonly title: string;
  take(text: string): void | Promise<void>;
}

/** What `←` and `→` go by. */
export type Stride = 'token' | 'word' | 'sentence';

/**
 * All that the screen shows. What changes as text is written is told by `changed`, and drawn; what
 * changes the screen's build-up, by `chrome`, and laid out.
 */
export class Studio extends Store {
  readonly chrome = new Store();
  /** Folders of models that were asked for, with the names they were asked for by. */
  readonly loadedFrom = new Map<string, string>();
  opening: Opening;
  loaded = 0;
  tuner: Tuner | undefined;
  /** Why there is no tuner. */
  error: Error | undefined;
  notice: { readonly text: string; readonly isError: boolean } | undefined;
  overlay: Exclude<Mode, 'empty' | 'play' | 'pause'> | undefined;
  menu: Menu | undefined;
  editing: Editing | undefined;
  comparison: Comparison | undefined;
  sweeping: Sweeping | undefined;
  /** The candidate the cursor is on; what is drawn if undefined. */
  selected: number | undefined;
  stride: Stride = 'token';
  axes: 'step' | 'text' = 'step';
  helpOffset = 0;
  readonly #first: Settings;
  #underHelp: Studio['overlay'];
  readonly #loader = new Loader();
  /** Ends the screen, once there is one. */
  leave = () => {};

  constructor(opening: Opening) {
    super();
    this.opening = opening;
    this.#first = new Settings(opening.expected ?? opening.options, Number.POSITIVE_INFINITY);
  }

  /** Those the text is written under, or will be. */
  get settings(): Settings {
    return this.tuner?.settings ?? this.#first;
  }

  get mode(): Mode {
    if (this.overlay) return this.overlay;
    if (!this.tuner || this.tuner.phase === 'failed') return 'empty';
    return this.tuner.isPlaying ? 'play' : 'pause';
  }

  /** Loads the model and begins with its prompt. */
  async open(): Promise<void> {
    this.loaded = 0;
    this.error = undefined;
    this.changed();
    try {
      await this.#load(this.opening.model, (share) => {
        this.loaded = share;
        this.changed();
      });
    } catch (cause) {
      this.error = cause instanceof Error ? cause : new Error(reason(cause));
      this.changed();
    }
  }

  /** Begins with a prompt, under the settings as they are. */
  begin(model: Model, prompt: string): void {
    const options = this.tuner?.settings.options ?? this.opening.options;
    const pace = this.tuner?.pace ?? this.opening.pace;
    const tuner = new Tuner(model, prompt, options, this.opening.limit);
    this.#closeAll();
    this.selected = undefined;
    this.notice = undefined;
    this.tuner = tuner;
    tuner.setPace(pace);
    tuner.play();
    let mode = this.mode;
    tuner.subscribe(() => {
      this.changed();
      if (mode !== this.mode) this.chrome.changed();
      mode = this.mode;
    });
    this.rebuilt();
  }

  /**
   * Another model, with the same prompt and settings; the present one stays if it cannot be loaded.
   *
   * @param path where it is; what is wrong is told by the name, as there is little room for it
   */
  async change(name: string, path = name): Promise<void> {
    const tell = (share: number) => this.say(`loading ${name}: ${Math.floor(share * 100)} %`);
    tell(0);
    const model = await this.#load(name, tell).catch((cause: unknown) => {
      throw new Error(reason(cause).replaceAll(path, name), { cause });
    });
    if (model) this.say(`${model.info.name} is loaded`);
  }

  say(text: string, isError = false): void {
    this.notice = { text, isError };
    this.changed();
  }

  /** The keys over what is there, and back to it. */
  help(): void {
    if (this.overlay === 'help') this.show(this.#underHelp);
    else {
      this.helpOffset = 0;
      this.#underHelp = this.overlay;
      this.show('help');
    }
  }

  choose(menu: Menu): void {
    this.menu = menu;
    this.show('choose');
  }

  edit(title: string, text: string, take: Editing['take']): void {
    this.editing = { title, text, cursor: text.length, take };
    this.show('edit');
  }

  sweep(tuner: Tuner): void {
    this.sweeping?.close();
    this.sweeping = new Sweeping(tuner);
    this.sweeping.subscribe(() => this.changed());
  }

  /** From whatever is over the text, to the text. A sweep goes on behind it. */
  goBack(): void {
    this.menu = undefined;
    this.editing = undefined;
    this.comparison?.close();
    this.comparison = undefined;
    this.tuner?.viewer.explainNothing();
    this.show(undefined);
  }

  /** One item or row further, or back. */
  scroll(steps: number): void {
    const { menu } = this;
    if (menu) menu.index = Math.max(0, Math.min(menu.items.length - 1, menu.index + steps));
    else this.helpOffset = Math.max(0, this.helpOffset + steps);
  }

  show(overlay: Studio['overlay']): void {
    this.overlay = overlay;
    this.rebuilt();
  }

  rebuilt(): void {
    this.chrome.changed();
    this.changed();
  }

  /** Frees everything and ends the screen. */
  async close(): Promise<void> {
    this.#loader.forget();
    this.#closeAll();
    this.leave();
    await this.tuner?.model.dispose();
  }

  /** Begins with another model and frees the one before; undefined if it is not wanted any more. */
  async #load(name: string | undefined, tell: (share: number) => void): Promise<Model | undefined> {
    let old: Model | undefined;
    const model = await this.#loader.load(name, this.opening.load ?? {}, tell, (model) => {
      old = this.tuner?.model;
      this.begin(model, this.tuner?.prompt ?? this.opening.prompt);
      this.opening = { ...this.opening, model: name };
      if (name !== undefined) this.loadedFrom.set(model.info.path, name);
    });
    await old?.dispose();
    return model;
  }

  #closeAll(): void {
    this.tuner?.close();
    this.comparison?.close();
    this.sweeping?.close();
    this.comparison = undefined;
    this.sweeping = undefined;
  }
}
