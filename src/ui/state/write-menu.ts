import { writeFile } from 'node:fs/promises';
import { resolveSampling } from '../../generation/settings.ts';
import { commandLine, requestBody, type Tuned, typeScript } from '../export.ts';
import type { Menu, MenuItem, Studio } from './studio.ts';
import type { Tuner } from './tuner.ts';

/** What can be taken along: the session as it went, and the settings in three forms. */
export function writeMenu(studio: Studio, tuner: Tuner): Menu {
  const { model, prompt, settings, limit } = tuner;
  const tuned: Tuned = {
    prompt,
    ...(studio.opening.model === undefined ? {} : { model: studio.opening.model }),
    options: settings.options,
    asked: resolveSampling({}, model.info),
    maxTokens: limit,
  };
  const file = (label: string, name: string, preview: string): MenuItem => ({
    label,
    preview,
    take: async () => {
      await writeFile(name, preview, { flag: 'wx' });
      studio.say(`written to ${name}`);
    },
  });
  return {
    title: 'write',
    items: [
      file('settings as a command', 'kelvin-settings.sh', `${commandLine(tuned)}\n`),
      file('settings as TypeScript', 'kelvin-settings.ts', typeScript(tuned)),
      file('settings as an OpenAI request', 'kelvin-settings.json', requestBody(tuned)),
    ],
    index: 0,
  };
}
