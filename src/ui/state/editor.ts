/** A line of text and where one is in it. */
export interface Edited {
  readonly text: string;
  /** In UTF-16 units, between two graphemes. */
  readonly cursor: number;
}

const graphemes = new Intl.Segmenter();

/**
 * What a key makes of a line of text; `input` is what was typed, for keys that are text, and for
 * 'paste' all that came at once.
 */
export function edit(line: Edited, key: string, input: string): Edited {
  const { text, cursor } = edited(line, key, input);
  // What is typed may join what follows it, as an accent does the letter before.
  const after = graphemes.segment(text).containing(cursor);
  return {
    text,
    cursor: after && after.index < cursor ? after.index + after.segment.length : cursor,
  };
}

function edited({ text, cursor }: Edited, key: string, input: string): Edited {
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  switch (key) {
    case 'left':
      return { text, cursor: cursor - lastLength(before) };
    case 'right':
      return { text, cursor: cursor + firstLength(after) };
    case 'home':
    case 'ctrl-a':
      return { text, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { text, cursor: text.length };
    case 'backspace': {
      const kept = before.slice(0, before.length - lastLength(before));
      return { text: kept + after, cursor: kept.length };
    }
    case 'ctrl-u':
      return { text: after, cursor: 0 };
    case 'ctrl-k':
      return { text: before, cursor };
    default: {
      // What is pasted may hold line breaks and more; a name of a key is no text.
      const typed = isText(key) ? input.replaceAll(/\r\n?/g, '\n') : '';
      return { text: before + typed + after, cursor: cursor + typed.length };
    }
  }
}

const isText = (key: string) => key === 'space' || key === 'paste' || [...key].length === 1;

const lastLength = (text: string) => [...graphemes.segment(text)].at(-1)?.segment.length ?? 0;
const firstLength = (text: string) =>
  graphemes.segment(text)[Symbol.iterator]().next().value?.segment.length ?? 0;
