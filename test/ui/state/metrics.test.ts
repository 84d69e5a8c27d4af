import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextMetrics } from '../../../src/evaluation/index.ts';
import { Metrics } from '../../../src/ui/state/metrics.ts';
import { Timeline } from '../../../src/ui/state/timeline.ts';
import { written } from '../panes/samples.ts';

const token = fc.record({
  token: fc.integer({ min: 0, max: 2 }),
  logprob: fc.oneof(fc.constant(-Infinity), fc.double({ min: -20, max: 0, noNaN: true })),
});
const move = fc.oneof(
  fc.record({ go: fc.integer({ min: 0, max: 300 }) }),
  fc.record({ turn: fc.constantFrom(-1, 1) }),
  fc.record({ write: fc.array(token, { maxLength: 60 }) }),
);

it('is, wherever one walks, what it is for the text up to there alone', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
      const [timeline, metrics] = [new Timeline(), new Metrics()];
      let nodes = 0;
      for (const each of moves) {
        if ('go' in each) timeline.goTo(each.go);
        else if ('turn' in each) timeline.switchBranch(each.turn);
        else {
          timeline.writeHere();
          for (const { token, logprob } of each.write) {
            nodes += 1;
            const entry = { node: nodes, parent: timeline.node(), token, logprob };
            timeline.write(written('', { ...entry, rawEntropy: -logprob / (1 - logprob) || 0 }));
          }
        }
        metrics.follow(timeline.written, timeline.place);
        const alone = new TextMetrics({ window: 256 });
        for (const { token, logprob, rawEntropy } of timeline.written.slice(0, timeline.place))
          alone.push({ token, logprob: Math.max(-745, logprob), entropy: rawEntropy });
        expect(metrics.read()).toEqual(alone.read());
      }
    }),
    { numRuns: 100 },
  );
});

it('reads once what has not changed', () => {
  const [timeline, metrics] = [new Timeline(), new Metrics()];
  timeline.write(written('a', { node: 1 }));
  metrics.follow(timeline.written, 1);
  const first = metrics.read();
  metrics.follow(timeline.written, 1);
  expect(metrics.read()).toBe(first);
});
