import { basename } from 'node:path';
import { listModelFolders } from '../../model/folder.ts';
import { listSnapshots } from '../../model/hub/cache.ts';
import type { Menu, MenuItem, Studio } from './studio.ts';

/** The models that are here: embedded, pulled and loaded before; and a folder of one's own. */
export async function modelMenu(studio: Studio): Promise<Menu> {
  const embedded = (await listModelFolders()).map((path) => ({ name: basename(path), path }));
  const known = [...embedded, ...(await listSnapshots())];
  const others = [...studio.loadedFrom].filter(([path]) => known.every((one) => one.path !== path));
  const models = [...known, ...others.map(([path, name]) => ({ name, path }))];
  const items = models.map(
    ({ name, path }): MenuItem => ({
      label: name,
      preview: path,
      take: () => studio.change(name, path),
    }),
  );
  const own: MenuItem = {
    label: 'a folder ...',
    preview: 'A folder in the transformers.js layout.',
    take: () =>
      studio.edit('model folder', studio.opening.model ?? '', (path) => studio.change(path)),
  };
  const current = models.findIndex(({ path }) => path === studio.tuner?.model.info.path);
  return { title: 'model', items: [...items, own], index: Math.max(0, current) };
}
