import type { Kept } from './engine.ts';
import type { Row } from './row.ts';

/** Is told what each active stage of a chain leaves. */
export interface Watcher {
  /** @param row the logits as this edit left them, scanned */
  afterEdit(name: string, row: Row): void;
  after(stage: { readonly name: string; readonly kind: string }, kept: Kept): void;
}
