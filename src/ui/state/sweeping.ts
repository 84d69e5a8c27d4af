import type { SweepPane } from '../panes/sweep.ts';
import { Store } from './store.ts';
import type { Tuner } from './tuner.ts';

export class Sweeping extends Store {
  points: { diversity: number; coherence: number; label: string }[] = [];
  pane: SweepPane = { progress: { done: 0, total: 0 }, rows: [], isRunning: false };
  constructor(_: Tuner) {
    super();
  }
  close(): void {}
}
