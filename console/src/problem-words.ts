import { LatchkeyError } from '@latchkey/client';
import type { Words } from './words/words.tsx';

/** Reason of a refusal to what a page says about it, where it knows more than the code does. */
export type ReasonWords = Readonly<Record<string, string>>;

/** What went wrong in words for people: this is the one place that makes them of errors. */
export function problemInWords(words: Words['problems'], error: unknown, reasons: ReasonWords = {}): string {
  if (!(error instanceof LatchkeyError)) return words.internal_error;
  const known = error.reason !== undefined && Object.hasOwn(reasons, error.reason) ? reasons[error.reason] : undefined;
  return known ?? byCode(words, error);
}

function byCode(words: Words['problems'], error: LatchkeyError): string {
  switch (error.code) {
    case 'unreachable':
    case 'timeout':
    case 'unauthorized':
    case 'permission_denied':
    case 'document_not_found':
    case 'precondition_failed':
    case 'not_enough_credits':
    case 'internal_error':
    case 'service_unavailable':
    case 'unexpected_reply':
      return words[error.code];
    case 'too_many_requests':
      return words.tooManyRequests(error.retryAfter);
    default:
      // The server says what it refused and why, if only in English.
      return `${words.other} ${error.message}`;
  }
}
