/** By which array of a kernel's one sees what is left: a token whose entry is above the bound. */
export interface Signs {
  readonly values: Float32Array;
  readonly above: number;
}
