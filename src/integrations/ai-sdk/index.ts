export type { KelvinModel } from './language-model.ts';
export type { KelvinMetadata } from './outcome.ts';
export { createKelvin, type KelvinProvider, kelvin } from './provider.ts';
export type { KelvinProviderOptions } from './settings.ts';
