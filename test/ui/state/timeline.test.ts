import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Written } from '../../../src/generation/explorer/view.ts';
import { Timeline } from '../../../src/ui/state/timeline.ts';
import { written } from '../panes/samples.ts';

/** What a tree of texts writes: the same token after the same text is the same node. */
class Writer {
  readonly #nodes = new Map<string, number>();
  #settings = 0;

  write(parent: number, token: number): Written {
    const key = `${parent} ${token}`;
    const node = this.#nodes.get(key) ?? this.#nodes.size + 1;
    this.#nodes.set(key, node);
    this.#settings += 1;
    return written(`${token}`, { node, parent, token, settings: this.#settings });
  }
}

const tokensOf = (branch: readonly Written[]) => branch.map(({ token }) => token).join('');
const pathsOf = ({ branches }: Timeline) => branches.map(tokensOf);

const few = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 4 });
const move = fc.oneof(
  fc.record({ go: fc.integer({ min: -1, max: 12 }) }),
  fc.record({ turn: fc.constantFrom(-1, 1) }),
  fc.record({ write: few, late: few, away: fc.integer({ min: 0, max: 12 }) }),
);

/** Texts as strings: what is written after a place, and which text one is on. */
class Model {
  texts = [''];
  current = 0;
  place = 0;

  go(place: number): void {
    this.place = Math.max(0, Math.min(place, this.texts[this.current]!.length));
  }

  turn(steps: number): void {
    this.current = (this.current + steps + this.texts.length) % this.texts.length;
    this.go(this.place);
  }

  /** The text that goes on with a token after a beginning of one; the text there was, if it does. */
  write(text: number, place: number, token: number): number {
    const path = this.texts[text]!.slice(0, place) + token;
    if (this.texts[text]!.startsWith(path)) return text;
    const other = this.texts.findIndex((each) => each.startsWith(path));
    if (other >= 0) return other;
    if (this.texts[text]!.length > place) return this.texts.push(path) - 1;
    this.texts[text] = path;
    return text;
  }
}

it('goes and writes as in texts that are kept whole, and late tokens move nobody', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const [timeline, model, writer] = [new Timeline(), new Model(), new Writer()];
      for (const each of moves) {
        if ('go' in each) {
          timeline.goTo(each.go);
          model.go(each.go);
        } else if ('turn' in each) {
          timeline.switchBranch(each.turn);
          model.turn(each.turn);
        } else {
          timeline.writeHere();
          let parent = timeline.node();
          const write = (token: number) => {
            const entry = writer.write(parent, token);
            timeline.write(entry);
            parent = entry.node;
          };
          for (const token of each.write) {
            write(token);
            model.current = model.write(model.current, model.place, token);
            model.place += 1;
          }
          let [text, end] = [model.current, model.place];
          timeline.goTo(each.away);
          model.go(each.away);
          for (const token of each.late) {
            write(token);
            text = model.write(text, end, token);
            end += 1;
          }
        }
        expect(pathsOf(timeline)).toEqual(model.texts);
        expect([timeline.current, timeline.place]).toEqual([model.current, model.place]);
        expect(tokensOf(timeline.written)).toBe(model.texts[model.current]);
      }
    }),
    { numRuns: 500 },
  );
});

it('shares what its branches begin with, however often that is written again', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const [timeline, writer] = [new Timeline(), new Writer()];
      for (const each of moves) {
        if ('go' in each) timeline.goTo(each.go);
        else if ('turn' in each) timeline.switchBranch(each.turn);
        else {
          timeline.writeHere();
          for (const token of each.write) timeline.write(writer.write(timeline.node(), token));
        }
      }
      for (const left of timeline.branches)
        for (const right of timeline.branches)
          for (const [i, entry] of left.entries())
            if (right[i]?.node === entry.node) expect(right[i]).toBe(entry);
      expect(new Set(pathsOf(timeline)).size).toBe(timeline.branches.length);
      for (const branch of timeline.branches)
        for (const [i, { parent }] of branch.entries())
          expect(parent).toBe(branch[i - 1]?.node ?? 0);
    }),
    { numRuns: 300 },
  );
});

it('keeps tokens of an earlier run apart from one that has begun elsewhere', () => {
  const [timeline, writer] = [new Timeline(), new Writer()];
  const first = [1, 2, 3].map((token) => {
    const entry = writer.write(timeline.node(), token);
    timeline.write(entry);
    return entry;
  });
  timeline.goTo(1);
  timeline.writeHere();
  timeline.write(writer.write(first[2]!.node, 4));
  expect([pathsOf(timeline), timeline.place]).toEqual([['1234'], 1]);
  timeline.write(writer.write(first[0]!.node, 9));
  expect([pathsOf(timeline), timeline.current, timeline.place]).toEqual([['1234', '19'], 1, 2]);
});

it('takes a token that is written twice for one', () => {
  const [timeline, writer] = [new Timeline(), new Writer()];
  const entry = writer.write(0, 1);
  timeline.write(entry);
  timeline.writeHere();
  timeline.write(entry);
  expect([pathsOf(timeline), timeline.place]).toEqual([['1'], 1]);
});
