import { samplingOptions } from 'kelvin/sampling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executable, Site } from './browser.ts';
import { bundle } from './bundle.ts';
import { chains } from './vectors/chains.ts';
import { vectors } from './vectors/vectors.ts';

/** Leaves out the vocabularies that take the most time. */
const SMALL = 10_000;
const all = vectors(Infinity);
const small = vectors(SMALL);

/** Where results differ: names of vectors, with the first other line. Shorter than a diff. */
function differences(actual: Record<string, string>, expected: Record<string, string>): string[] {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  return Object.keys(expected).flatMap((name) => {
    const lines = actual[name].split('\n');
    const other = expected[name].split('\n').findIndex((line, i) => line !== lines[i]);
    return other < 0 ? [] : [`${name}: ${lines[other]}`];
  });
}

/** Posts the results of vectors, where they were made and how often WebAssembly was used. */
const reporting = (largest: number) => `
  import { vectors } from './vectors/vectors.ts';
  let kernels = 0;
  if (globalThis.WebAssembly)
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(Instance, args) {
        kernels++;
        return new Instance(...args);
      },
    });
  const results = vectors(${largest});
  const scope = globalThis.constructor.name;
  fetch('/', { method: 'POST', body: JSON.stringify({ scope, kernels, results }) });`;

const IN_WORKER = `
  const worker = new Worker('/small.js', { type: 'module' });
  worker.onerror = ({ message }) => { throw new Error(message); };`;

/** ECMAScript leaves the last bits of these to the engine: some may give the next number. */
const OTHER_MATH = `
  for (const name of ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'tanh']) {
    const original = Math[name];
    Math[name] = (...args) => original(...args) * (1 + Number.EPSILON);
  }`;

const NODE = /\bnode:|\brequire\b|\bprocess\b|\bBuffer\b/;

describe('a bundle for browsers', () => {
  it('holds no Node API', async () => {
    const { code, files } = await bundle("export * from 'kelvin/sampling';");
    expect(files).toContain('dist/sampling/kernel/wasm.js');
    expect(code).not.toMatch(NODE);
  });

  it('of the evaluation holds none either, nor the sampler itself', async () => {
    const { code, files } = await bundle("export * from 'kelvin/evaluation';");
    expect(files).toContain('dist/evaluation/temperature-curve.js');
    expect(files.filter((file) => /kernel|filters|edits|sampler|model/.test(file))).toEqual([]);
    expect(code).not.toMatch(NODE);
    expect(code).not.toContain('WebAssembly');
  });

  it('of what samples for transformers.js holds none, nor a model of kelvin', async () => {
    const { code, files } = await bundle("export * from 'kelvin/transformers';");
    expect(files).toContain('dist/integrations/transformers/generate.js');
    expect(files.filter((file) => /worker|explorer|local-model|node_modules/.test(file))).toEqual(
      [],
    );
    expect(code).not.toMatch(NODE);
  });

  it('holds nothing of the sampler where only softmax is imported', async () => {
    const { code, files } = await bundle("export { softmax } from 'kelvin/sampling';");
    expect(files).toContain('dist/sampling/softmax.js');
    expect(files.filter((file) => /kernel|filters|edits|sampler/.test(file))).toEqual([]);
    expect(code).not.toContain('WebAssembly');
  });
});

describe('the vectors', () => {
  it('set every option', () => {
    const set = Object.values(chains(64)).flatMap((options) => Object.keys(options));
    expect(set).toEqual(expect.arrayContaining(Object.keys(samplingOptions)));
  });

  it('keep one token, few and many', () => {
    const kept = Object.values(all).flatMap((text) =>
      Array.from(text.matchAll(/"kept":(\d+)/g), ([, count]) => Number(count)),
    );
    expect(kept).toEqual(expect.arrayContaining([1, 40, 600]));
    expect(Math.max(...kept)).toBe(151_936);
  });
});

describe.skipIf(!executable)(`in ${executable ?? 'Chromium: skipped, as none was found'}`, () => {
  let site: Site;
  beforeAll(async () => {
    const scripts = {
      all: await bundle(reporting(Infinity)),
      small: await bundle(reporting(SMALL)),
      emulated: await bundle(reporting(SMALL), 'delete globalThis.WebAssembly;'),
      other: await bundle(reporting(SMALL), OTHER_MATH),
      worker: await bundle(IN_WORKER),
    };
    site = await Site.open(scripts);
  });
  afterAll(() => site.close());

  it('the results are the same', async () => {
    const { scope, kernels, results } = await site.run('all');
    expect(scope).toBe('Window');
    expect(kernels).toBeGreaterThan(0);
    expect(differences(results, all)).toEqual([]);
  });

  it('they are in a worker', async () => {
    const { scope, kernels, results } = await site.run('worker');
    expect(scope).toBe('DedicatedWorkerGlobalScope');
    expect(kernels).toBeGreaterThan(0);
    expect(differences(results, small)).toEqual([]);
  });

  it('they are without WebAssembly', async () => {
    const { kernels, results } = await site.run('emulated');
    expect(kernels).toBe(0);
    expect(differences(results, small)).toEqual([]);
  });

  it('they are where a policy forbids to compile, and where it does not', async () => {
    const forbidden = await site.run('small', "script-src 'self'");
    expect(forbidden.kernels).toBe(0);
    expect(differences(forbidden.results, small)).toEqual([]);
    const allowed = await site.run('small', "script-src 'self' 'wasm-unsafe-eval'");
    expect(allowed.kernels).toBeGreaterThan(0);
    expect(differences(allowed.results, small)).toEqual([]);
  });

  it('they are on an engine whose exp and log differ in the last bit', async () => {
    const { results } = await site.run('other');
    expect(differences(results, small)).toEqual([]);
  });
});
