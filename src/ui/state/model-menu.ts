import { listModelFolders } from '../../model/folder.ts';
import type { Menu, Studio } from './studio.ts';

/** The models that are here, and a folder of one's own. */
export async function modelMenu(studio: Studio): Promise<Menu> {
  const items = (await listModelFolders()).map((path) => ({
    label: path.split('/').at(-1)!,
    preview: path,
    take: () => studio.change(path),
  }));
  const own = {
    label: 'a folder ...',
    preview: 'A folder in the transformers.js layout.',
    take: () =>
      studio.edit('model folder', studio.opening.model ?? '', (path) => studio.change(path)),
  };
  return { title: 'model', items: [...items, own], index: 0 };
}
