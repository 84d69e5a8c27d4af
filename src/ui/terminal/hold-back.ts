/**
 * Holds back what others write to a terminal that is painted on, such as a library's warning, until
 * the returned function is called; that writes it. Of very much, the last is kept.
 */
export function holdBack(stream: NodeJS.WriteStream): () => void {
  const held: (string | Uint8Array)[] = [];
  const { write } = stream;
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    held.push(chunk);
    if (held.length > MOST_WRITES) held.shift();
    const written = rest.at(-1);
    if (typeof written === 'function') written();
    return true;
  };
  return () => {
    stream.write = write;
    for (const chunk of held) stream.write(chunk);
  };
}

const MOST_WRITES = 100;
