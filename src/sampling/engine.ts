import { checkLogits } from './check.ts';
import { Few } from './few.ts';
import { createKernel } from './kernel/kernel.ts';
import { Many } from './many.ts';
import { Raw } from './raw.ts';
import { Workspace } from './workspace.ts';

/** What is left of a row after some stages: few tokens listed, or many in place. */
export type Kept = Few | Many;

/** Works on one row at a time, in memory of its own. Nothing in it outlives a step. */
export class Engine {
  readonly workspace: Workspace;
  readonly raw: Raw;
  readonly many: Many;

  /** @param capacity the largest vocabulary there is room for */
  constructor(capacity: number) {
    this.workspace = new Workspace(createKernel(capacity));
    this.raw = new Raw(this.workspace);
    this.many = new Many(this.workspace, this.raw, new Few());
  }

  /**
   * Takes in a row.
   *
   * @param logits V logits; copied, unless they lie in the given row already
   * @throws KelvinError INVALID_LOGITS
   */
  load(logits: Float32Array): void {
    const { given } = this.workspace;
    const { values } = given;
    if (logits.buffer !== values.buffer || logits.byteOffset !== values.byteOffset)
      values.set(logits);
    const mayBeNaN = given.scan(logits.length);
    this.raw.forget();
    // The slow check knows whether it is one, where, and what to call it.
    if (mayBeNaN || given.max === Infinity || given.max === -Infinity) checkLogits(logits);
  }
}

/** Idle engines by capacity, for samplers that were not told their vocabulary. */
const idle = new Map<number, Engine[]>();

const capacityFor = (vocabulary: number) => Math.max(1024, 2 ** Math.ceil(Math.log2(vocabulary)));

/**
 * An idle engine with room for a vocabulary. Engines are shared, as JavaScript engines reserve
 * gigabytes of addresses for each WebAssembly memory; one is never in use twice at a time.
 */
export function borrow(vocabulary: number): Engine {
  const capacity = capacityFor(vocabulary);
  return idle.get(capacity)?.pop() ?? new Engine(capacity);
}

/** Makes a borrowed engine idle again. */
export function giveBack(engine: Engine): void {
  const { capacity } = engine.workspace.kernel.layout;
  const shelf = idle.get(capacity);
  if (shelf) shelf.push(engine);
  else idle.set(capacity, [engine]);
}
