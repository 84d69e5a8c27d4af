/** Something that could not be done, of which the message says all there is to say: exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
