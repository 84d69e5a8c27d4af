/** Someone who turns a row of logits into a token, at one vocabulary and setting. */
export interface Contender {
  readonly name: string;
  /** Puts a row where this contender reads its logits from. Not timed. */
  load(row: Float32Array, index: number): void;
  /** One step on the loaded row: the microseconds it took. */
  step(): number | Promise<number>;
  close?(): void;
}

/** Since a `performance.now()`. */
export const microsecondsSince = (start: number): number => (performance.now() - start) * 1000;

/** What the timed work returns is kept here, so that no compiler may drop the work. */
export const sink = { value: 0 };

/** Several contenders of one kind, one row each, timed as one step: a batch. */
export function batchOf(members: readonly Contender[], rows: readonly Float32Array[]): Contender {
  return {
    name: members[0].name,
    load(_, index) {
      for (const [i, member] of members.entries()) {
        const at = (index + i) % rows.length;
        member.load(rows[at], at);
      }
    },
    async step() {
      let sum = 0;
      for (const member of members) sum += await member.step();
      return sum;
    },
    close() {
      for (const member of members) member.close?.();
    },
  };
}
