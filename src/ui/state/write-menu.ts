import { writeFile } from 'node:fs/promises';
import { sessionLines } from '../../generation/session/session-lines.ts';
import { resolveSampling } from '../../generation/settings.ts';
import { commandLine, requestBody, type Tuned, typeScript } from '../export.ts';
import { harmlessJson } from '../terminal/harmless.ts';
import type { Menu, MenuItem, Studio } from './studio.ts';
import type { Tuner } from './tuner.ts';

/** What can be taken along: the session as it went, and the settings in three forms. */
export function writeMenu(studio: Studio, tuner: Tuner): Menu {
  const tuned = tunedBy(studio, tuner);
  const file = (label: string, name: string, content: string, preview = content): MenuItem => ({
    label,
    preview,
    take: async () => studio.say(`written to ${await writeNew(name, content)}`),
  });
  return {
    title: 'write',
    items: [
      file('the session', 'kelvin-session.ndjson', session(tuner), aboutSession(tuner)),
      file('settings as a command', 'kelvin-settings.sh', `${commandLine(tuned)}\n`),
      file('settings as TypeScript', 'kelvin-settings.ts', typeScript(tuned)),
      file('settings as an OpenAI request', 'kelvin-settings.json', requestBody(tuned)),
    ],
    index: 0,
  };
}

/** The settings, and what they are settings of. */
export function tunedBy({ opening }: Studio, { model, prompt, settings, limit }: Tuner): Tuned {
  return {
    prompt,
    ...(opening.model === undefined ? {} : { model: opening.model }),
    options: settings.options,
    asked: resolveSampling({}, model.info),
    maxTokens: limit,
  };
}

function session({ model, read, exploration, timeline }: Tuner): string {
  const { settings } = exploration;
  const { branches, current } = timeline;
  return sessionLines({ model: model.info, prompt: read, settings, branches, current })
    .map((line) => `${harmlessJson(line)}\n`)
    .join('');
}

function aboutSession({ timeline, exploration }: Tuner): string {
  const { branches } = timeline;
  const tokens = new Set(branches.flat().map(({ node }) => node)).size;
  return [
    `${tokens} tokens in ${counted(branches.length, 'branch', 'branches')}, under ${counted(exploration.settings.length, 'setting', 'settings')}.`,
    'kelvin replay kelvin-session.ndjson writes it again and checks every token.',
  ].join('\n');
}

const counted = (count: number, one: string, many: string) =>
  `${count} ${count === 1 ? one : many}`;

/** Writes a file that was not there: if need be under a name with a number. */
async function writeNew(name: string, content: string): Promise<string> {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : name.replace(/(?=\.\w+$)/, `-${number}`);
    try {
      await writeFile(free, content, { flag: 'wx' });
      return free;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    }
  }
}
