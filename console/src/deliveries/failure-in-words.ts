import type { outbox } from '../words/en/outbox.ts';

type FailureWords = (typeof outbox)['failures'];
type Failure = keyof FailureWords;

/** By what the server notes: why it did not send, or what it made of its own trouble in reaching a mail server. */
const noted: Record<string, Failure> = {
  'not sent: the invitation is joined': 'joined',
  'not sent: the invitation is cancelled': 'cancelled',
  'not sent: the invitation is gone': 'cancelled',
  'not sent: the invitation is replaced': 'replaced',
  'not sent: the invitation is declined': 'declined',
  'not sent: the invitation is expired': 'expired',
  'the address cannot be used': 'unusable',
  'the mail server could not be reached': 'unreachable',
  'the mail server’s name was not found': 'unreachable',
  'the mail server closed the connection': 'unreachable',
  'the mail server did not answer in time': 'slow',
  'the mail server took too long': 'slow',
  'no encrypted connection to the mail server': 'refusesUs',
  'the mail server refused the login': 'refusesUs',
  'the mail server did not accept the connection': 'refusesUs',
};

/** By the codes of mail servers (RFC 3463, and RFC 5321 §4.2.3 where they give no other), the particular ones first. */
const codes: [RegExp, Failure][] = [
  [/\b[45]\.1\.(0|1|3|6|10)\b/, 'noSuchMailbox'],
  [/\b[45]\.(1\.2|4\.4)\b/, 'noSuchDomain'],
  [/\b[45]\.2\.1\b/, 'closed'],
  [/\b[45]\.2\.2\b/, 'full'],
  [/\b[45]\.6\.7\b/, 'letters'],
  [/\b5\.7\.\d{1,3}\b/, 'unwanted'],
  [/^55[013]\b/, 'noSuchMailbox'],
  [/^552\b/, 'full'],
  [/^554\b/, 'unwanted'],
  [/^4\d\d\b|\b4\.7\./, 'later'],
];

/**
 * Why a message was not delivered.
 * @returns `original` where somebody who knows mail servers may learn more from it
 */
export function failureInWords(words: FailureWords, reason: string): { text: string; original: string | undefined } {
  const [own] = Object.entries(noted).find(([note]) => reason === note || reason.startsWith(`${note}: `)) ?? [];
  const failure = own === undefined ? codes.find(([code]) => code.test(reason))?.[1] : noted[own];
  return { text: words[failure ?? 'other'], original: reason === own ? undefined : reason };
}

/** Whether the invitation came to its end otherwise, so that there is nothing left to send. */
export const isOver = (reason: string | null): boolean =>
  ['joined', 'cancelled', 'replaced'].includes(noted[reason ?? ''] ?? '');
