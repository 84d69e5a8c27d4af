import { useInput } from 'ink';
import { matchKeys } from '../key-names.ts';
import { useScreen } from './surface.tsx';

/**
 * Calls back for what is typed, with the names of the keys and the text as it came, for those who
 * edit text. What changes in answer is shown without waiting for the next frame.
 */
export function useKeys(onKeys: (keys: string[], text: string) => void): void {
  const screen = useScreen();
  useInput((input, key) => {
    screen.hurry();
    onKeys(matchKeys(input, key), input);
  });
}
