import type { Model, SamplingOptions, Written } from 'kelvin';
import { type Session, sessionLines } from '../../src/generation/session/session-lines.ts';
import { Watched } from './watched.ts';

const SETTINGS: readonly SamplingOptions[] = [
  { seed: 1, temperature: 1.1, logitBias: { 0: Number.NEGATIVE_INFINITY } },
  { seed: 9, temperature: Number.POSITIVE_INFINITY, topK: 40 },
  { seed: 3, temperature: 1.4, mirostat: { version: 2, tau: 4, eta: 0.2 } },
  { seed: 3, temperature: 0.9, repetitionPenalty: 1.3, topK: 1 },
];

/** A session of four texts, some of their tokens chosen, one of them cut by its settings. */
export async function session(model: Model): Promise<Session> {
  const one = new Watched(model, 'Once upon a “time”', SETTINGS[0]);
  const [opened] = await one.until('ready');
  const play = async (from: readonly Written[], count: number) => [
    ...from,
    ...(await one.play(from.at(-1)?.node ?? 0, count)),
  ];
  const choose = async (from: readonly Written[], token: number) => [
    ...from,
    await one.exploration.choose(from.at(-1)?.node ?? 0, token),
  ];
  const first = await play([], 12);
  one.exploration.set(SETTINGS[1]!);
  const second = await play(await choose(first.slice(0, 5), 700), 6);
  one.exploration.set(SETTINGS[2]!);
  const third = await play(second.slice(0, 8), 10);
  one.exploration.set(SETTINGS[3]!);
  // The likeliest alone is left.
  const fourth = await play(await choose([], 1500), 4);
  const { settings } = one.exploration;
  one.exploration.close();
  const prompt =
    opened && !(opened instanceof Error) && opened.type === 'opened' ? opened.prompt : [];
  const branches = [first, second, third, fourth, second.slice(0, 7)];
  return { model: model.info, prompt, settings: [...settings], branches, current: 2 };
}

/** The same as a file. */
export const file = (session: Session): string => `${sessionLines(session).join('\n')}\n`;
