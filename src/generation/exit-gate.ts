/**
 * Keeps the model's thread from being stopped inside native code, which aborts the whole process:
 * `process.exit()`, or an uncaught error, stops threads wherever they are. As the process ends, the
 * main thread closes the gate and waits until the other has come out; it does not go in again.
 */
export class ExitGate {
  /** What both threads share: whether the gate is closed, and how many are inside. */
  readonly shared: SharedArrayBuffer;
  readonly #state: Int32Array;

  constructor(shared = new SharedArrayBuffer(8)) {
    this.shared = shared;
    this.#state = new Int32Array(shared);
  }

  /** In the model's thread: runs work that goes into native code. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    // First in, then look: the other thread closes first and then counts.
    Atomics.add(this.#state, INSIDE, 1);
    try {
      if (Atomics.load(this.#state, CLOSED) === 0) return await work();
    } finally {
      Atomics.sub(this.#state, INSIDE, 1);
      Atomics.notify(this.#state, INSIDE);
    }
    return new Promise(() => {});
  }

  /** In the main thread, as it ends: waits until nobody is inside. */
  close(): void {
    Atomics.store(this.#state, CLOSED, 1);
    for (;;) {
      const inside = Atomics.load(this.#state, INSIDE);
      if (inside === 0) return;
      if (Atomics.wait(this.#state, INSIDE, inside, PATIENCE_MS) === 'timed-out') return;
    }
  }
}

const CLOSED = 0;
const INSIDE = 1;
// Longer than a step or a chunk of a prompt takes; an exit must not hang on a stuck thread.
const PATIENCE_MS = 5000;

const gates = new Set<ExitGate>();

/** Closes a gate when the process ends, until the returned function is called. */
export function closeAtExit(gate: ExitGate): () => void {
  if (gates.size === 0) process.on('exit', closeAll);
  gates.add(gate);
  return () => {
    gates.delete(gate);
    if (gates.size === 0) process.off('exit', closeAll);
  };
}

function closeAll(): void {
  for (const gate of gates) gate.close();
}
