// The built modules, with the types of their sources: a model's thread is started from a built file,
// and classes are the same only where they come from the same one.
const at = (path: string) => new URL(`../../../dist/${path}.js`, import.meta.url).href;

export const { loadModel }: typeof import('../../../src/index.ts') = await import(at('index'));
export const { press }: typeof import('../../../src/ui/state/press.ts') = await import(
  at('ui/state/press')
);
export const { Studio }: typeof import('../../../src/ui/state/studio.ts') = await import(
  at('ui/state/studio')
);
export const { Tuner }: typeof import('../../../src/ui/state/tuner.ts') = await import(
  at('ui/state/tuner')
);
export const { Comparison }: typeof import('../../../src/ui/state/comparison.ts') = await import(
  at('ui/state/comparison')
);
