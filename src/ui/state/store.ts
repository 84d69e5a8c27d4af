/** Something that changes and says so: what React's `useSyncExternalStore` reads. */
export class Store {
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** Counts the changes. */
  readonly version = (): number => this.#version;

  /** Calls back at each change, until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
