import { counting } from '../counting.ts';

const count = counting('en');

/** What went wrong, and what to do. By the code of the problem; `reasons` where a reason says more than its code. */
export const problems = {
  unreachable: 'The server cannot be reached. Check your connection and try again; it is safe to repeat.',
  timeout: 'The server takes too long to answer. Try again in a moment.',
  unauthorized: 'You are not signed in any more. Sign in again.',
  permission_denied: 'You may not do this. Somebody who manages people can give you the permission.',
  document_not_found: 'This is not here any more. Somebody else may have removed it; load the page again.',
  precondition_failed: 'Somebody else changed this meanwhile. Look at it again before you change it.',
  not_enough_credits: 'Every seat of the plan is taken. Take somebody’s access away, or ask for a larger plan.',
  internal_error: 'Something went wrong on the server. Try again; if it stays, tell the operator the number below.',
  service_unavailable: 'The server cannot do this at the moment. Try again shortly.',
  unexpected_reply: 'Something between here and the server answered in its place. Try again in a moment.',
  tooManyRequests: (seconds: number | undefined) =>
    seconds === undefined
      ? 'That was too much in a short time. Wait a little and try again.'
      : `That was too much in a short time. Try again in ${
          seconds < 120
            ? count(seconds, { one: 'second', other: 'seconds' })
            : count(Math.ceil(seconds / 60), { one: 'minute', other: 'minutes' })
        }.`,
  signInAgain: 'For this, sign in again: your sign-in must be less than an hour old.',
  signInNow: 'Sign in again',
  other: 'This did not work:',
  requestId: (id: string) => `Number of this request: ${id}`,
  pageFailed: 'This page could not be shown',
  reload: 'Load the page again',
};
