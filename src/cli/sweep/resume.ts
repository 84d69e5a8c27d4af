import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { jsonText } from '../../generation/json-text.ts';
import type { Run } from '../../generation/sweep/run.ts';
import type { Setting } from '../../generation/sweep/sweep-options.ts';
import { Failure } from '../failure.ts';
import { jsonLine } from '../json-line.ts';
import { UsageError } from '../usage-error.ts';
import { isRun } from './is-run.ts';

/** What all runs of a sweep share: only with the same can it be gone on with. */
export interface SweepHead {
  readonly model: string;
  readonly dtype: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly seed: number;
  /** The sampling options beside the swept ones. */
  readonly options: Setting;
}

/**
 * The runs of a sweep as they end, a line each, behind a line of what they share. A file that ends
 * in the middle of a line was left by a process that was killed: that line is written anew.
 */
export class ResumeFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #lines: readonly string[];
  /** How many bytes the whole lines are. */
  #size: number;
  readonly #isNew: boolean;
  #hasRuns = false;

  private constructor(path: string, file: FileHandle, text: string, isNew: boolean) {
    this.#isNew = isNew;
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#path = path;
    this.#file = file;
    this.#lines = whole.split('\n').slice(0, -1);
    this.#size = Buffer.byteLength(whole);
  }

  /** @throws UsageError where it cannot be read and written */
  static async open(path: string): Promise<ResumeFile> {
    try {
      const isNew = !(await stat(path).catch(() => undefined));
      // To read and write, made if it is not there.
      const file = await open(path, 'a+');
      if (!(await file.stat()).isFile()) throw Object.assign(new Error(), { code: 'no file' });
      const resumed = new ResumeFile(path, file, await file.readFile('utf8'), isNew);
      // Of another kind, it is refused before anything is waited for.
      if (resumed.#size > 0) resumed.#head();
      return resumed;
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      const { code } = cause as NodeJS.ErrnoException;
      throw new UsageError(
        `--resume must be a file that can be written, got ${JSON.stringify(path)}: ${code}`,
      );
    }
  }

  /** The seed of the sweep it is of. */
  get seed(): number | undefined {
    return this.#lines.length > 0 ? this.#head().seed : undefined;
  }

  /**
   * The runs there are of a grid's settings.
   *
   * @throws UsageError where they are of another sweep
   */
  async begin(head: SweepHead, grid: readonly Setting[]): Promise<Run[]> {
    if (this.#size === 0) await this.#append(jsonLine({ sweep: head }));
    else this.#compare(head);
    await this.#file.truncate(this.#size);
    const places = new Map(grid.map((setting, index) => [jsonText(setting), index]));
    // By its place: two processes that went on from one file both wrote what was missing.
    const runs = new Map<string, Run>();
    for (const [i, line] of this.#lines.entries()) {
      if (i === 0) continue;
      const run = this.#parse(line, i + 1) as Run;
      if (!isRun(run, head.seed)) throw this.#refusal(i + 1);
      const setting = places.get(JSON.stringify(run.options));
      if (setting !== undefined)
        runs.set(`${setting} ${run.sample}`, { ...run, setting, options: grid[setting]! });
    }
    return [...runs.values()];
  }

  /** @throws Failure */
  async add(run: Run): Promise<void> {
    await this.#append(jsonLine(run));
    this.#hasRuns = true;
  }

  /** Closes it; one that was made and came to hold no run goes again. */
  async close(): Promise<void> {
    await this.#file.close();
    if (this.#isNew && !this.#hasRuns) await rm(this.#path, { force: true });
  }

  async #append(line: string): Promise<void> {
    try {
      await this.#file.appendFile(line);
      this.#size += Buffer.byteLength(line);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new Failure(`cannot write ${JSON.stringify(this.#path)}: ${code}`);
    }
  }

  #compare(head: SweepHead): void {
    const theirs = this.#head() as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries(head)) {
      const [now, then] = [jsonText(value), JSON.stringify(theirs[name])];
      if (now !== then)
        throw new UsageError(
          `--resume must be of a sweep with the same ${name}, which is ${now} here, got ${JSON.stringify(this.#path)} with ${then}`,
        );
    }
  }

  #head(): SweepHead {
    const { sweep } = this.#parse(this.#lines[0]!, 1) as { sweep?: SweepHead };
    if (!Number.isSafeInteger(sweep?.seed)) throw this.#refusal(1);
    return sweep!;
  }

  #parse(line: string, number: number): object {
    try {
      return Object(JSON.parse(line));
    } catch {
      throw this.#refusal(number);
    }
  }

  #refusal(line: number): UsageError {
    return new UsageError(
      `--resume must be a file that kelvin sweep wrote, got ${JSON.stringify(this.#path)}, whose line ${line} is not of one`,
    );
  }
}
