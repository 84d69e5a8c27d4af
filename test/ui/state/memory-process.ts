// Drives the state behind the screen through many tokens, and tells how much memory is kept.
import { loadModel, Studio } from './built.ts';
import { until } from './settled.ts';

const [folder, tokens, branches] = [process.argv[2]!, Number(process.argv[3]), 10];
const model = await loadModel(folder);
const studio = new Studio({
  prompt: 'Once',
  options: { seed: 7, temperature: 1, bannedTokens: [0] },
  limit: tokens / branches,
  pace: Number.POSITIVE_INFINITY,
});
studio.begin(model, 'Once');
const tuner = studio.tuner!;
const measured: { written: number; heap: number; rss: number }[] = [];
for (let branch = 0; branch < branches; branch++) {
  await until(tuner, () => tuner.phase === 'paused' && !tuner.viewer.isStale);
  global.gc!();
  const { heapUsed, rss } = process.memoryUsage();
  measured.push({ written: tuner.timeline.written.length * (branch + 1), heap: heapUsed, rss });
  if (branch === branches - 1) break;
  tuner.goTo(0);
  await until(tuner, () => !tuner.viewer.isStale);
  const { view } = tuner.viewer;
  await tuner.choose(view!.candidates[branch + 1]!.token);
}
tuner.close();
await model.dispose();
process.stdout.write(JSON.stringify(measured));
