import type { NodemailerError } from 'nodemailer';

/** Why a mail did not go out. */
export class MailError extends Error {
  /** True when the same mail would be refused again; otherwise a later attempt may succeed. */
  readonly permanent: boolean;
  /** Short and safe to show to people: no credentials, no link, nothing about our network. */
  readonly reason: string;

  constructor(permanent: boolean, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'MailError';
    this.permanent = permanent;
    this.reason = reason;
  }
}

/**
 * Reads a failed attempt. Permanent is a refusal of this sender, recipient or message (5xx to MAIL, RCPT, DATA or the
 * body). A refused greeting, TLS or login is about the server or our settings, which an operator can repair, so the mail
 * stays worth another attempt; so is everything 4xx and every network failure.
 * @param secrets words that must not be repeated, such as user name and password
 */
export function mailErrorFrom(error: unknown, secrets: readonly string[] = []): MailError {
  const failure: NodemailerError = error instanceof Error ? error : new Error(String(error));
  if (failure instanceof MailError) return failure;
  const reply = replyOf(failure, secrets);
  if (failure.code === 'EENVELOPE' || failure.code === 'EMESSAGE') {
    const refused =
      failure.responseCode === undefined || (failure.permanent === true && failure.responseCode !== askedToLogIn);
    return new MailError(refused, reply || 'the address cannot be used', failure);
  }
  const detail = failure.originalCode ?? '';
  const code = /CERT|TLS|SSL|SIGNATURE/.test(detail) ? 'ETLS' : (failure.code ?? '');
  const what = wordsFor[code] ?? 'the mail server could not be reached';
  return new MailError(false, [what, reply || bareCode(detail)].filter(Boolean).join(': '), failure);
}

const askedToLogIn = 530; // RFC 4954: authentication required, whatever the message is

export const tookTooLong = 'the mail server took too long';

const wordsFor: Record<string, string> = {
  ETIMEDOUT: 'the mail server did not answer in time',
  EABORT: tookTooLong,
  EDNS: 'the mail server’s name was not found',
  ETLS: 'no encrypted connection to the mail server',
  EAUTH: 'the mail server refused the login',
  ENOAUTH: 'the mail server refused the login',
  ECONNECTION: 'the mail server closed the connection',
  EPROTOCOL: 'the mail server did not accept the connection',
};

const longestReply = 200;

/** The server's own words: codes first, one line, without addresses of pages, tokens, or what we logged in with. */
function replyOf({ response, responseCode }: NodemailerError, secrets: readonly string[]): string {
  if (response === undefined || responseCode === undefined) return '';
  let text = response.replace(/\r?\n\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3} )?/g, ' ').replace(/[\p{C}\p{Z}]+/gu, ' ');
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, '…');
  text = text
    .replace(/\S*(?:\/\/|#)\S*/g, '…')
    .replace(/[\w-]{40,}/g, '…')
    .trim();
  return text.length > longestReply ? `${text.slice(0, longestReply - 1)}…` : text;
}

/** A word such as ECONNREFUSED; the whole message would tell addresses inside our network. */
const bareCode = (code: string): string => (/^[A-Z_]{4,60}$/.test(code) ? code : '');
