/** Texts of tokens are few and come again; those of long runs need not be kept. */
const MOST = 8192;
const LONGEST = 64;

/** A pure function of a text, with its results kept as long as there is room. */
export function remember<Result>(compute: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    let result = results.get(text);
    if (result === undefined) {
      result = compute(text);
      if (results.size >= MOST) results.clear();
      if (text.length <= LONGEST) results.set(text, result);
    }
    return result;
  };
}
