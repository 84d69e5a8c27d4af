import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { story } from './folders.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An empty folder that goes when the tests of the file are through. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kelvin-'));
  folders.push(folder);
  return folder;
}

/** A copy of a model folder with some files replaced: objects become JSON, null removes a file. */
export function variant(
  files: Record<string, object | string | Uint8Array | null>,
  from = story,
): string {
  const folder = temporary();
  cpSync(from, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (content === null) rmSync(path);
    else if (typeof content === 'string' || content instanceof Uint8Array)
      writeFileSync(path, content);
    else writeFileSync(path, JSON.stringify(content));
  }
  return folder;
}
