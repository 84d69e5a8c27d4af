/** A seed for whoever gives none: 32 bits of the host's own luck. */
export const randomSeed = (): number => globalThis.crypto.getRandomValues(new Uint32Array(1))[0];
