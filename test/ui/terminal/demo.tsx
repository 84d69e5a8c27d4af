import { Box, Text, useApp } from 'ink';
import { type ReactNode, useState } from 'react';
import type { Line, Size } from '../../../src/ui/line.ts';
import { row } from '../../../src/ui/panes/row.ts';
import { suspend } from '../../../src/ui/terminal/lifecycle.ts';
import { Row } from '../../../src/ui/terminal/row.tsx';
import { Surface, useSize } from '../../../src/ui/terminal/surface.tsx';
import { useKeys } from '../../../src/ui/terminal/use-keys.ts';

const pane = (name: string, count: number) => (size: Size) =>
  Array.from({ length: size.height }, (_, y): Line => {
    const text = `${name} ${y + 1}/${size.height} ${'#'.repeat(count % 10)}`;
    return row([{ text, style: y % 2 ? 'surprisal3' : 'title' }], size.width);
  });

/** Two surfaces between two rows of Ink's, a help screen, and keys to break it in every way. */
export function Demo(): ReactNode {
  const { exit } = useApp();
  const { width, height } = useSize();
  const [count, setCount] = useState(0);
  const [help, setHelp] = useState(false);
  const [pasted, setPasted] = useState('');
  const [broken, setBroken] = useState(false);
  if (broken) throw new Error('broken pane');
  useKeys(
    (keys) => {
      for (const key of keys) {
        if (key === '+') setCount((now) => now + 1);
        if (key === '?') setHelp((now) => !now);
        if (key === 'q' || key === 'ctrl-c') exit();
        if (key === 'ctrl-z') suspend();
        if (key === 'x') throw new Error('bad\nkey');
        if (key === 'u') void Promise.reject(new Error('bad promise'));
        if (key === 'e') process.exit(3);
        if (key === 'r') setBroken(true);
        if (key === 'w') process.emitWarning('held back');
      }
    },
    (text) => setPasted(text),
  );
  return (
    <>
      <Text wrap="truncate">{`count ${count} size ${width}x${height}${pasted && ` pasted ${JSON.stringify(pasted)}`}`}</Text>
      {help ? (
        <Box flexGrow={1} justifyContent="center" alignItems="center">
          <Text>all the keys</Text>
        </Box>
      ) : (
        <Box flexGrow={1}>
          <Surface draw={pane('left', count)} width="50%" />
          <Surface draw={pane('right', count)} flexGrow={1} />
        </Box>
      )}
      <Row
        line={[
          { text: '?', style: 'key' },
          { text: ' help', style: 'dim' },
        ]}
      />
    </>
  );
}
