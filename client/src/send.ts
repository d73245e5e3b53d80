import type { Answer, CallOptions } from './call.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { codeOfStatus, type Failure, LatchkeyError, type LatchkeyErrorCode, type ProblemDetail } from './error.ts';
import type { Request } from './request.ts';
import { mayRepeat, retryAfterSeconds, waitBefore } from './retry.ts';

/** How requests get to the server, and in whose name. */
export interface Transport {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds for a call, unless it says otherwise. */
  timeout: number;
  retries: number;
  /** The headers that carry the key. */
  credential: Record<string, string>;
  /** Whether the browser's cookies go along; as `fetch` has it where absent. */
  credentials?: RequestCredentials;
}

/**
 * Sends a request until it is answered, and again where that may help and the time allows.
 * @throws LatchkeyError
 */
export async function send<Reply>(
  transport: Transport,
  request: Request,
  { signal, timeout = transport.timeout, retries = transport.retries }: CallOptions,
): Promise<Answer<Reply>> {
  const deadline = startDeadline(timeout, signal);
  try {
    let before: LatchkeyError | undefined;
    for (let attempt = 1; ; attempt++) {
      const answer = await attemptOnce<Reply>(transport, request, deadline.signal, attempt);
      if (!(answer instanceof LatchkeyError)) return answer;
      if (answer.status === undefined) requireTime(deadline, request, attempt, before);
      if (attempt > retries || !mayRepeat(answer)) throw answer;
      const wait = waitBefore(answer, attempt);
      // An error that says what is wrong is worth more than a time-out later.
      if (wait >= deadline.left()) throw answer;
      await deadline.sleep(wait);
      requireTime(deadline, request, attempt, answer);
      before = answer;
    }
  } finally {
    deadline.clear();
  }
}

/**
 * Opens a stream, once; whoever follows it opens it again.
 * @param title for messages
 * @throws LatchkeyError
 */
export async function openStream(
  { fetch, credential, credentials }: Transport,
  url: string,
  title: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const path = `GET ${title.split('?')[0]}`;
  const response = await fetch(url, {
    method: 'GET',
    headers: credential,
    signal,
    redirect: 'manual',
    ...(credentials && { credentials }),
  }).catch((cause) => {
    const message = `${path}: the server cannot be reached, or the connection broke.`;
    throw new LatchkeyError({ code: 'unreachable', message, attempts: 1, cause });
  });
  if (response.ok && response.body) return response.body;
  throw new LatchkeyError({ ...failureOf(path, response, parsed(await response.text())), attempts: 1 });
}

async function attemptOnce<Reply>(
  { fetch, credential, credentials }: Transport,
  { method, url, title, headers, body }: Request,
  signal: AbortSignal,
  attempts: number,
): Promise<Answer<Reply> | LatchkeyError> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...credential },
      signal,
      // Followed, a redirection would take the key to wherever it leads.
      redirect: 'manual',
      ...(credentials && { credentials }),
      ...(body !== undefined && { body }),
    });
    const reply = parsed(await response.text());
    if (!response.ok || typeof reply !== 'object' || reply === null)
      return new LatchkeyError({ ...failureOf(title, response, reply), attempts });
    return { reply: reply as Reply, attempts, ...cameWith(response) };
  } catch (cause) {
    const message = `${title}: the server cannot be reached, or the connection broke.`;
    return new LatchkeyError({ code: 'unreachable', message, attempts, cause });
  }
}

/** @param before the failure after which the time ran out, which says more than that it did */
function requireTime(
  deadline: Deadline,
  { title }: Request,
  attempts: number,
  before: LatchkeyError | undefined,
): void {
  const fault = deadline.fault();
  if (fault === 'timeout') {
    const message = `${title}: the time for this call is over.${before ? ` Before: ${before.message}` : ''}`;
    throw new LatchkeyError({ code: 'timeout', message, attempts, cause: before });
  }
  if (fault === 'aborted')
    throw new LatchkeyError({
      code: 'aborted',
      message: `${title}: the call was aborted.`,
      attempts,
      cause: deadline.reason(),
    });
}

function cameWith({ status, headers }: Response): Omit<Answer<unknown>, 'reply' | 'attempts'> {
  const revision = headers.get('latchkey-revision');
  return {
    status,
    revision: revision === null ? undefined : Number(revision),
    etag: headers.get('etag') ?? undefined,
    requestId: requestIdOf(headers),
  };
}

const requestIdOf = (headers: Headers): string | undefined =>
  headers.get('sib-request-id') ?? headers.get('x-request-id') ?? undefined;

/** What an answer that is no success says: our own problem, AuthZEN's one sentence, or somebody else's page. */
function failureOf(title: string, response: Response, body: unknown): Failure {
  const { status, headers } = response;
  const common = {
    status,
    requestId: requestIdOf(headers),
    retryAfter: retryAfterSeconds(headers.get('retry-after'), headers.get('date')),
  };
  if (isProblem(body)) return { ...common, code: body.code, message: body.message, details: body.details };
  if (typeof body === 'string') return { ...common, code: codeOfStatus(status), message: body };
  if (isRedirection(response))
    return {
      ...common,
      code: 'unexpected_reply',
      message: `${title}: the server redirects; set \`url\` to where it is.`,
    };
  // Of a stranger's answers only those are taken at their word that proxies give for a server that is busy or away.
  const code = busy.includes(status) ? codeOfStatus(status) : 'unexpected_reply';
  return { ...common, code, message: `${title}: answered with ${status} by something that is no Latchkey server.` };
}

const busy = [429, 502, 503, 504];

const isRedirection = ({ type, status }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400);

function isProblem(body: unknown): body is { code: LatchkeyErrorCode; message: string; details?: ProblemDetail[] } {
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' && typeof message === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
