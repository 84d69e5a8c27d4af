/** One way to sample, in kelvin's option names. */
export interface Setting {
  readonly name: string;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
}

/** Chat defaults, the same without top-k, and the flat case where almost everything is kept. */
export const settings: readonly Setting[] = [
  { name: 'S1', temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 },
  { name: 'S2', temperature: 0.8, topK: 0, topP: 0.95, minP: 0 },
  { name: 'S3', temperature: 2, topK: 0, topP: 0.99, minP: 0 },
];

/** The vocabularies of a small story model, Llama 2, GPT-2, Qwen 2.5 and Gemma 3. */
export const vocabularies: readonly number[] = [2048, 32_000, 50_257, 151_936, 262_144];

/** What is set, in words; filters that are off are left out. */
export function describeSetting({ temperature, topK, topP, minP }: Setting): string {
  const parts = [`temperature ${temperature}`];
  if (topK > 0) parts.push(`top-k ${topK}`);
  if (topP < 1) parts.push(`top-p ${topP}`);
  if (minP > 0) parts.push(`min-p ${minP}`);
  return parts.join(', ');
}
