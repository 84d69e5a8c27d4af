/** What each contender does, so that no ratio is read as more than it is. */
export const omissions: readonly string[] = [
  'read       the sum of V floats; the better of WebAssembly SIMD and C (-O3 -march=native)',
  'token      kelvin, sampleToken on its own row: the drawn token and nothing else',
  'full       kelvin, sample({ top: 20 }) on its own row: token, its raw and shaped log probability and',
  '           rank, raw and shaped entropy, the 20 likeliest tokens, and the mass each filter cut',
  'full+copy  the same from a row in the caller’s memory, fetched first',
  'reference  the chain in plain Float64 JavaScript (test/reference), written to be right, not fast',
  'llama.cpp  C++ (llama.rn 0.12.9), temperature first; the token only: no log probability, no entropy,',
  '           no top-20, no cut mass. Builds its array of candidates each step; timed inside C++',
  'own order  the same chain in llama.cpp’s default order, temperature last: other tokens are kept',
  'hf 4.3.1   @huggingface/transformers: temperature and top-k; top-p and min-p are not applied (no',
  '           code for them), log probability over the top-k only, no entropy, no top-20, no seed per call',
  'xenova     @xenova/transformers 2.17.2: temperature and top-k; top-p and min-p are not applied, log',
  '           probability over the top-k only, no entropy, no top-20, no seed',
];
