import { notifications } from '@mantine/notifications';
import { problemInWords } from '../problem-words.ts';
import type { Words } from '../words/words.tsx';

/**
 * Says what went wrong in the corner, for what has no place of its own on the page.
 * @param what was tried, where that is not plain
 */
export function tellProblem(words: Words['problems'], error: unknown, what?: string): void {
  notifications.show({
    ...(what !== undefined && { title: what }),
    message: problemInWords(words, error),
    color: 'red',
    autoClose: false,
  });
}
