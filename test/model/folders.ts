import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The model inside the package: byte-level BPE. */
export const story = at('../../models/kelvin-story');

/** A Llama with byte fallback and two end tokens, where somebody has put one beside the checkout. */
export const llama = at('../../../shared/models/stories260K');
export const hasLlama = existsSync(llama);

export const validation = at('../../../shared/corpus/tinystories_valid.txt');
