import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawFailure } from '../../../src/ui/panes/failure.ts';
import { expectExact, rowsOf } from '../rows.ts';

it('tells the whole of it and what to do, harmless', () => {
  const pane = { message: 'prompt: at most 512 tokens\u001B[31m', remedy: 'e writes another.' };
  expect(rowsOf(drawFailure(pane, { width: 17, height: 6 }, 'unicode'))).toEqual([
    ' prompt: at most',
    ' 512 tokens␛[31m',
    '',
    ' e writes',
    ' another.',
    '',
  ]);
});

it('fills its room whatever it tells', () => {
  expectExact(drawFailure, fc.record({ message: fc.string(), remedy: fc.string() }));
});
