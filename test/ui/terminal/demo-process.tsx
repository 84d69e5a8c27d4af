import { background, colourLevel } from '../../../src/ui/terminal/colour.ts';
import { showFullScreen } from '../../../src/ui/terminal/full-screen.tsx';
import { createTheme } from '../../../src/ui/terminal/theme.ts';
import { Demo } from './demo.tsx';

try {
  await showFullScreen(<Demo />, process, createTheme(colourLevel(), background()));
} catch (error) {
  process.stderr.write(`caught: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
