import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { UsageError } from '../usage-error.ts';

/** A file that is written whole or not at all. */
export class OutputFile {
  readonly #path: string;
  /** Where it is written before it is put in its place; a device has no place beside it. */
  readonly #draft: string | undefined;

  private constructor(path: string, draft?: string) {
    this.#path = path;
    this.#draft = draft;
  }

  /**
   * Finds out whether a file can be written, before there is anything to write. What is there
   * stays as it is.
   *
   * @throws UsageError
   */
  static async at(flag: string, path: string): Promise<OutputFile> {
    try {
      if (path === '') throw Object.assign(new Error(), { code: 'ENOENT' });
      if (path.endsWith('/')) throw Object.assign(new Error(), { code: 'EISDIR' });
      const there = await stat(path).catch(() => undefined);
      if (there && !there.isFile()) {
        if (there.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
        await access(path, constants.W_OK);
        return new OutputFile(path);
      }
      const real = there ? await realpath(path) : path;
      if (there) await access(real, constants.W_OK);
      const draft = join(dirname(real), `.${basename(real)}.${process.pid}`);
      await (await open(draft, 'wx')).close();
      await rm(draft);
      return new OutputFile(real, draft);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new UsageError(
        `${flag} must be a file that can be written, got ${JSON.stringify(path)}: ${code}`,
      );
    }
  }

  /** @throws Failure; nothing is left of what was begun */
  async write(text: string): Promise<void> {
    try {
      await writeFile(this.#draft ?? this.#path, text);
      if (this.#draft) await rename(this.#draft, this.#path);
    } catch (cause) {
      if (this.#draft) await rm(this.#draft, { force: true });
      const { code } = cause as NodeJS.ErrnoException;
      throw new Failure(`cannot write ${JSON.stringify(this.#path)}: ${code}`);
    }
  }
}
