import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledGrammar, GrammarMatcher } from '@mlc-ai/web-xgrammar';
import { tokenBytes } from '../../model/token-bytes.ts';
import { toPlain } from '../plain-error.ts';
import { loadLibrary } from './library.ts';
import type { Ask, GrammarInput, Told } from './messages.ts';
import { areWellFormed, WellFormed } from './well-formed.ts';

// The thread of the grammars: what a text may go on with is found out here while the model runs its
// step, and a grammar that takes for ever or brings the library down does so to nobody else.

/** Compiled grammars that are kept for the next texts. */
const KEPT = 8;

const port = parentPort!;
const { folder, vocabularySize, endTokens } = workerData as GrammarInput;
const starting = start();
// Who asks is told.
starting.catch(() => {});

let previous: Promise<void> = Promise.resolve();
port.on('message', (ask: Ask) => {
  previous = previous.then(async () => {
    try {
      const thread = await starting;
      await thread(ask);
    } catch (cause) {
      port.postMessage({ id: ask.id, error: toPlain(cause) } satisfies Told);
    }
  });
});

async function start(): Promise<(ask: Ask) => Promise<void>> {
  const [tokens, library] = await Promise.all([
    tokenBytes(folder, vocabularySize, endTokens),
    loadLibrary(),
  ]);
  const { GrammarCompiler, TokenizerInfo } = library;
  const wellFormed = new WellFormed(tokens);
  // Tokens without bytes are never allowed. The types know no bytes, but the library does.
  const vocabulary = tokens.map((bytes) => (areWellFormed(bytes) ? bytes : new Uint8Array()));
  const info = await TokenizerInfo.createTokenizerInfo(
    vocabulary as unknown as string[],
    'raw',
    false,
    vocabularySize,
    [...endTokens],
  );
  const compiler = await GrammarCompiler.createGrammarCompiler(info, false);
  const grammars = new Map<string, CompiledGrammar>();
  const matchers = new Map<number, GrammarMatcher>();

  async function compiled(text: string): Promise<CompiledGrammar> {
    const grammar = grammars.get(text) ?? (await compiler.compileGrammar(text));
    // The last one asked for is the last to go.
    grammars.delete(text);
    grammars.set(text, grammar);
    const [oldest] = grammars.keys();
    if (grammars.size > KEPT) {
      grammars.get(oldest!)!.dispose();
      grammars.delete(oldest!);
    }
    return grammar;
  }

  function close(id: number): void {
    matchers.get(id)?.dispose();
    matchers.delete(id);
  }

  async function tell(id: number, last: number | undefined): Promise<void> {
    const matcher = matchers.get(id)!;
    const isOver = matcher.isTerminated();
    const mask = isOver ? new Int32Array() : await matcher.getNextTokenBitmask();
    wellFormed.apply(mask, last);
    port.postMessage({ id, next: { mask, isOver } } satisfies Told);
  }

  function accept(id: number, token: number): void {
    if (!matchers.get(id)!.acceptToken(token)) throw new Error(`token ${token} was not allowed`);
  }

  return async (ask) => {
    const { id } = ask;
    if (ask.type !== 'accept') close(id);
    if (ask.type === 'close') return;
    if (ask.type === 'accept') {
      accept(id, ask.token);
      return tell(id, ask.token);
    }
    // A model without end tokens ends as soon as it may.
    const matcher = await library.GrammarMatcher.createGrammarMatcher(
      await compiled(ask.grammar),
      undefined,
      endTokens.length === 0,
    );
    matchers.set(id, matcher);
    for (const token of ask.tokens) accept(id, token);
    await tell(id, ask.tokens.at(-1));
  };
}
