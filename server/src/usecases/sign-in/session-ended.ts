import { Problem } from '@latchkey/core/problem.ts';

export const sessionEnded = (): Problem => new Problem('unauthorized', 'The session has ended; sign in again');
