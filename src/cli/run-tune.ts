import { maxTokensOption } from '../generation/generate-options.ts';
import { resolveSampling } from '../generation/settings.ts';
import { paceOption } from '../ui/pace-option.ts';
import { loadOptions, type ModelFlags } from './model-flags.ts';
import { givenSampling } from './sampling-flags.ts';
import { isInteractive, say, write } from './streams.ts';
import { toldOf } from './told.ts';
import { UsageError } from './usage-error.ts';

export interface TuneFlags extends ModelFlags {
  readonly maxTokens?: number;
  readonly pace?: number;
  readonly ascii?: boolean;
  readonly screenReader?: boolean;
  readonly background?: 'dark' | 'light';
  readonly [samplingOption: string]: unknown;
}

/** Shows the terminal UI until it is left. */
export async function runTune(prompt: string, flags: TuneFlags = {}): Promise<void> {
  if (!isInteractive())
    throw new UsageError('tune needs a terminal; kelvin generate writes to a pipe');
  const told = await toldOf(flags.model);
  const options = givenSampling(flags);
  // Before the screen is taken: what is wrong with the flags is said where they were typed.
  const expected = told ? resolveSampling(options, told) : undefined;
  const { maxTokens, pace, ascii, background } = flags;
  // Before React is loaded: its development build is slower, and remembers every render.
  const { env } = process;
  env.NODE_ENV ??= 'production';
  const opening = {
    ...{ model: flags.model, load: loadOptions(flags), prompt, options },
    ...(expected && { options: { ...options, seed: expected.seed }, expected }),
    limit: maxTokens ?? maxTokensOption.default,
    pace: pace ?? paceOption.default,
  };
  // As every app made with Ink is told of a screen reader.
  if (flags.screenReader || env.INK_SCREEN_READER === 'true') {
    const { speak } = await import('../ui/spoken/speak.tsx');
    const leaving = await speak(opening);
    // The text was told, without colour.
    if (leaving) await write(`${leaving.command}\n`);
    return;
  }
  const { tune } = await import('../ui/tune.tsx');
  const leaving = await tune(opening, { glyphs: ascii ? 'ascii' : 'unicode', background });
  if (!leaving) return;
  // The screen is gone; what was found on it stays.
  await write(`${leaving.text}\n`);
  say(`${leaving.command}\n`);
}
