/** A model on a hub, at one of its revisions. */
export interface Repository {
  /** `ORG/NAME` */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const PART = String.raw`(?!\.)(?!\S*(?:--|\.\.))[\w.-]{1,96}`;
const NAME = new RegExp(`^(${PART}/${PART})(?:@(\\S+))?$`);
/** A revision becomes the name of a file in the cache: it must not lead out of it. */
const REVISION = /^(?=.{1,200}$)[\w+-][\w.+-]*(?:\/[\w+-][\w.+-]*)*$/;
const MAIN = 'main';
export const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Reads `ORG/NAME` or `ORG/NAME@REVISION`.
 *
 * @returns undefined for what cannot be a model on a hub
 */
export function readRepository(name: string): Repository | undefined {
  const [, id, revision = MAIN] = NAME.exec(name) ?? [];
  return id !== undefined && REVISION.test(revision) ? { id, revision } : undefined;
}

/** How a person writes it: the default branch goes without saying. */
export function nameOf({ id, revision }: Repository): string {
  return revision === MAIN ? id : `${id}@${revision}`;
}
