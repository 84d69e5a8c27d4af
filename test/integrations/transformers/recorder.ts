import type { Sampler } from 'kelvin/sampling';

interface Logits {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What a model gave at each step: a copy of every row of logits, and the tokens before it. */
export class Recorder {
  readonly rows: { readonly tokens: number[]; readonly logits: Float32Array }[] = [];
  /** For `logits_processor`; of 4.x, which gives all rows, or of 2.17, which gives one. */
  readonly processor = (ids: (bigint[] | number)[], logits: Logits): Logits => {
    const lists = Array.isArray(ids[0]) ? (ids as bigint[][]) : [ids as number[]];
    const size = logits.dims.at(-1)!;
    lists.forEach((tokens, i) => {
      this.rows.push({
        tokens: (tokens as (bigint | number)[]).map(Number),
        logits: logits.data.slice(i * size, (i + 1) * size),
      });
    });
    return logits;
  };

  /** What a sampler draws from the rows of one text. */
  drawn(sampler: Sampler, prompt: readonly number[], text = 0, texts = 1): number[] {
    sampler.reset(prompt);
    return this.rows
      .filter((_, i) => i % texts === text)
      .map(({ logits }) => sampler.sample(logits).token);
  }
}
