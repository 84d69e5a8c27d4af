import type { Read, Written } from '../../generation/explorer/view.ts';
import type { Glyphs } from '../line.ts';
import { Wrap } from './wrap.ts';

/** What is laid out: a prompt and what follows, which only grows. */
interface Texts {
  readonly prompt: readonly Read[];
  readonly written: readonly Written[];
}

interface Layout {
  readonly wrap: Wrap;
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly prompt: readonly Read[];
  readonly read: number;
  written: number;
}

const layouts = new WeakMap<readonly Written[], Layout>();

/** The wrapped text: what was laid out in an earlier frame is not looked at again. */
export function wrapped({ prompt, written }: Texts, width: number, glyphs: Glyphs): Wrap {
  let layout = layouts.get(written);
  if (
    layout?.width !== width ||
    layout.glyphs !== glyphs ||
    layout.prompt !== prompt ||
    layout.read !== prompt.length ||
    layout.written > written.length
  ) {
    const wrap = new Wrap(width, glyphs);
    for (let i = 0; i < prompt.length; i++) wrap.push(prompt[i].text, i);
    layout = { wrap, width, glyphs, prompt, read: prompt.length, written: 0 };
    layouts.set(written, layout);
  }
  while (layout.written < written.length) {
    layout.wrap.push(written[layout.written].text, prompt.length + layout.written);
    layout.written++;
  }
  return layout.wrap;
}
