import type { Told } from '../generation/model-defaults.ts';
import { endTokens } from '../model/config-facts.ts';
import { readModelFolder } from '../model/folder.ts';
import { isAddress } from '../model/remote/address.ts';

/**
 * What flags can be checked against before anything is waited for: a model's own options; undefined
 * of an engine, which has to be asked.
 */
export async function toldOf(model: string | undefined): Promise<Told | undefined> {
  if (isAddress(model)) return undefined;
  const { path, config, generation } = await readModelFolder(model);
  return { path, generation, endTokens: endTokens(config, generation) };
}
