import { temporary } from '../variant.ts';
import { writeDecoder } from './folder.ts';
import type { DecoderShape } from './shape.ts';

/** A folder with the decoder in it, gone when the tests of the file are through. */
export function decoder(shape: DecoderShape): { folder: string } {
  const folder = temporary();
  writeDecoder(shape, folder);
  return { folder };
}
