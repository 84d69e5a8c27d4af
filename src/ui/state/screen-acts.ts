import type { Command } from '../commands.ts';
import { suspend } from '../terminal/lifecycle.ts';
import { modelMenu } from './model-menu.ts';
import type { Studio } from './studio.ts';

type Act = (studio: Studio, key: string) => void | Promise<void>;

/** What commands about the screen do. */
export const screenActs: { readonly [name in Command]?: Act } = {
  quit: (studio) => studio.close(),
  suspend,
  help: (studio) => studio.help(),
  back: (studio) => {
    if (studio.overlay === 'help') studio.help();
    else if (studio.overlay === 'sweep' && studio.sweeping?.isRunning) studio.sweeping.close();
    else studio.goBack();
  },
  leaveSweep: (studio) => studio.goBack(),
  previousItem: (studio) => studio.scroll(-1),
  nextItem: (studio) => studio.scroll(1),
  accept: (studio) => {
    const { editing, menu } = studio;
    studio.goBack();
    if (editing) return editing.take(editing.text);
    return menu?.items[menu.index]?.take();
  },
  editPrompt: (studio) => {
    const { tuner } = studio;
    const text = tuner?.prompt ?? studio.opening.prompt;
    tuner?.rest();
    studio.edit('prompt', text, (prompt) => {
      if (tuner) studio.begin(tuner.model, prompt);
      else studio.opening = { ...studio.opening, prompt };
    });
  },
  chooseModel: async (studio) => studio.choose(await modelMenu(studio)),
};
