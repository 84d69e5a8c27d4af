/** A text less the one line break at its end that shells and editors put there. */
export const withoutLineEnd = (text: string) => text.replace(/\r?\n$/, '');
