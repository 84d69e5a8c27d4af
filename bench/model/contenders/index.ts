import type { Open } from '../contender.ts';

/** By name; only the one that is asked for is loaded, as their runtimes do not go together. */
export const contenders = {
  kelvin: async () => (await import('../../kelvin-model.ts')).openPublic,
  /** Its model in this thread, without the loop. */
  'kelvin here': async () => (await import('../../kelvin-model.ts')).openHere,
  /** No more of it than what opens a file. */
  'kelvin session': async () => (await import('../../kelvin-model.ts')).openSession,
  unedited: async () => (await import('./unedited.ts')).unedited,
  hf: async () => (await import('./hugging-face.ts')).huggingFace,
  xenova: async () => (await import('./xenova.ts')).xenova,
  /** With the threads its users get: one for each core, spinning. */
  'xenova as is': async () => (await import('./xenova.ts')).xenovaAsIs,
  llama: async () => (await import('./llama.ts')).llama,
} satisfies Record<string, () => Promise<Open>>;

export type ContenderName = keyof typeof contenders;
