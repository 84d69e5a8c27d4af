import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The embedded model. */
export const embedded = join(root, 'models/kelvin-story');

/** An empty folder that goes when the file's tests are through. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kelvin-e2e-'));
  folders.push(folder);
  return folder;
}

/** A copy of the embedded model that may be broken. */
export function modelCopy(): string {
  const folder = emptyFolder();
  cpSync(embedded, folder, { recursive: true });
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
