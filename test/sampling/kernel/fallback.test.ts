// Whether a host without WebAssembly gives the same numbers, all of them, to the last bit.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { histories } from '../../reference/chains.ts';
import { expectSame, type Library, load, loadOn } from './hosts.ts';
import { type Task, tasks } from './options.ts';
import { huge, large, middling, rowOf, small } from './rows.ts';
import { isWasm } from './twins.ts';

let hosts: [without: Library, usual: Library];

beforeAll(async () => {
  hosts = [await loadOn(undefined), await load()];
});

/** Asserts that every reading of one row is the same. */
function expectSameRow({ plan, options }: Task, tokens: readonly number[]) {
  const row = rowOf(plan);
  const history = tokens.filter((token) => token < row.length);
  const use = (work: (sampler: InstanceType<Library['Sampler']>) => unknown) => {
    return ({ Sampler }: Library) => work(new Sampler(options));
  };
  const expectSameReading = (name: string, work: Parameters<typeof use>[0]) =>
    expectSame(name, hosts, use(work));
  expectSameReading('sample', (sampler) => sampler.sample(row, { history, top: 20 }));
  expectSameReading('probabilities', (sampler) => sampler.probabilities(row, { history }));
  expectSameReading('inspect', (sampler) => sampler.inspect(row, { history }));
  expectSameReading('edges', (sampler) => sampler.inspect(row, { history, edges: true }));
  expectSameReading('candidate', (sampler) =>
    sampler.candidate(row, plan.seed % row.length, { history }),
  );
  expectSameReading('sampleToken', (sampler) => sampler.sampleToken(row, { history }));
}

/** Asserts that a text of many steps, its rewinding and its fork are the same. */
function expectSameText({ plan, options }: Task) {
  const rows = [0, 1, 2].map((i) => rowOf({ ...plan, seed: plan.seed + i }));
  expectSame('a text', hosts, ({ Sampler }) => {
    const sampler = new Sampler(options);
    sampler.reset([0]);
    const steps: unknown[] = [];
    for (let step = 0; step < 9; step++)
      steps.push(sampler.sample(rows[step % 3], step % 2 ? { top: 20 } : {}));
    sampler.rewind(4);
    const fork = sampler.fork();
    for (const row of rows) steps.push(sampler.sampleToken(row), fork.inspect(row));
    return steps;
  });
}

describe('where there is no WebAssembly', () => {
  it('it is the fallback that runs, and elsewhere not', () => {
    const [without, usual] = hosts.map(({ createKernel }) => createKernel(64).passes);
    for (const name of Object.keys(without) as (keyof typeof without)[]) {
      expect(isWasm(without[name]), name).toBe(false);
      expect(isWasm(usual[name]), name).toBe(true);
    }
  });

  it.each([
    ['small', small, 5000],
    ['middling', middling, 1000],
    ['large', large, 100],
    ['huge', huge, 8],
  ] as const)('%s rows give the same numbers', (_name, sizes, numRuns) => {
    fc.assert(fc.property(tasks(sizes), histories, expectSameRow), { numRuns });
  });

  it('texts of many steps are the same', () => {
    fc.assert(fc.property(tasks(fc.oneof(small, middling)), expectSameText), { numRuns: 500 });
  });

  it('a sampler has memory of its own all the same', () => {
    expectSame('its row', hosts, ({ Sampler }) => {
      const sampler = new Sampler({ topP: 0.9, seed: 3 }, 1000);
      sampler.row.set(rowOf({ shape: 'bell', size: 1000, seed: 5 }));
      return [sampler.sample(sampler.row, { top: 20 }), sampler.row.slice()];
    });
  });
});

describe('where WebAssembly must not be compiled', () => {
  it('that is tried once, and the fallback runs', async () => {
    let tries = 0;
    class Module {
      constructor() {
        tries++;
        throw new Error('refused by a content security policy');
      }
    }
    const forbidden = await loadOn({ Module });
    for (const size of [10, 2000, 3000]) {
      const task = {
        plan: { shape: 'bell', size, seed: 1 },
        options: { topK: 5, seed: 1 },
      } as const;
      expectSame('probabilities', [forbidden, hosts[1]], ({ Sampler }) =>
        new Sampler(task.options).probabilities(rowOf(task.plan)),
      );
    }
    expect(tries).toBe(1);
    expect(isWasm(forbidden.createKernel(64).passes.scan)).toBe(false);
  });
});
