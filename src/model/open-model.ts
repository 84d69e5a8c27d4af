import { show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import type { Guard } from './decoder.ts';
import type { LoadOptions } from './load-options.ts';
import { LocalModel } from './local-model.ts';
import { isAddress } from './remote/address.ts';
import { RemoteModel } from './remote/remote-model.ts';

/**
 * Opens a model by its name: a folder or a model of the cache in this thread, or what an engine
 * serves at an address.
 *
 * @throws KelvinError `INVALID_OPTION` for options of the one beside the name of the other
 */
export async function openModel(
  name: string | undefined,
  options: LoadOptions,
  guard?: Guard,
): Promise<LocalModel | RemoteModel> {
  const isEngine = isAddress(name);
  const foreign = isEngine
    ? (['dtype', 'threads'] as const)
    : (['apiKey', 'approximate', 'candidates', 'sampledBy'] as const);
  for (const option of foreign)
    if (options[option] !== undefined)
      throw new KelvinError(
        'INVALID_OPTION',
        `${option} must be absent where the model is ${isEngine ? 'run by an engine' : 'no engine, as in http://host:port/v1'}, got ${option === 'apiKey' ? 'one' : show(options[option])}`,
      );
  return isEngine ? RemoteModel.open(name, options) : LocalModel.open(name, options, guard);
}
