import { afterAll, beforeAll, expect, it } from 'vitest';
import { Terminal } from '../e2e/terminal.ts';
import { fakeLlama } from './fake-llama.ts';
import { type Fake, type Served, serve } from './served.ts';

let served: Served;
let fake: Fake;
beforeAll(async () => {
  served = await serve();
  fake = await fakeLlama(served);
});
afterAll(async () => {
  await fake.close();
  await served.model.dispose();
});

it('the screen tells whether what an engine tells is enough', async () => {
  const terminal = await Terminal.open();
  try {
    terminal.type(`tune 'Once upon a time' -m ${fake.url} --seed 3 -n 5 --top-k 0`);
    await terminal.displays(/ended {2}topK must be in \[1, 255\] for exact sampling/);
    // With a knob turned, it goes on from there.
    terminal.press('M');
    terminal.press('Space');
    const screen = await terminal.displays(/paused {2}exact, [\d.e-]+ % untold {2}token 5\/5/);
    expect(screen).toContain('story.gguf');
    terminal.press('q');
    await terminal.shows('code=0');
  } finally {
    await terminal.close();
  }
});
