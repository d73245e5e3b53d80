import type { ProblemCode } from './operations.ts';

/** What can go wrong between here and the server. */
export type TransportFault = 'timeout' | 'aborted' | 'unreachable' | 'unexpected_reply' | 'stale';

/**
 * Why a call failed:
 * - one of the server's own codes, each explained in its documentation (a newer server may know more than this list);
 * - `timeout`: the time for the call was over; whether the server did it is unknown;
 * - `aborted`: the caller's signal ended it; whether the server did it is unknown;
 * - `unreachable`: no connection, or one that broke;
 * - `stale`: a replica that cannot know the answer just now; ask the server;
 * - `unexpected_reply`: an answer that is none of a Latchkey server's, a proxy's page for example.
 */
export type LatchkeyErrorCode = ProblemCode | TransportFault;

/** One reason for a refusal. */
export interface ProblemDetail {
  /** Where in what was sent: `privileges[0].feature`. */
  path: string;
  /** A stable word to program against: `unknown_feature`. */
  reason: string;
  message: string;
  /** The nearest right value. */
  suggestion?: string;
}

export interface Failure {
  code: LatchkeyErrorCode;
  message: string;
  status?: number | undefined;
  details?: ProblemDetail[] | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  attempts?: number | undefined;
  cause?: unknown;
}

/** The one error that calls reject with. It never holds a key. */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly code: LatchkeyErrorCode;
  /** Of the HTTP answer; undefined where there was none. */
  readonly status: number | undefined;
  /** Each reason for a refusal; empty where the message says all. */
  readonly details: readonly ProblemDetail[];
  /** Under which the server's log has the rest. */
  readonly requestId: string | undefined;
  /** Seconds after which to come back, as the server asked. */
  readonly retryAfter: number | undefined;
  /** How often the request was sent. Above 1, an earlier one may have done what was asked. */
  readonly attempts: number;

  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.code = failure.code;
    this.status = failure.status;
    this.details = failure.details ?? [];
    this.requestId = failure.requestId;
    this.retryAfter = failure.retryAfter;
    this.attempts = failure.attempts ?? 0;
  }

  /** The first detail's stable reason. */
  get reason(): string | undefined {
    return this.details[0]?.reason;
  }
}

/** The code that an HTTP status alone amounts to, for answers that carry none. */
export const codeOfStatus = (status: number): LatchkeyErrorCode => codes[status] ?? 'unexpected_reply';

const codes: Record<number, LatchkeyErrorCode> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'permission_denied',
  404: 'document_not_found',
  412: 'precondition_failed',
  429: 'too_many_requests',
  500: 'internal_error',
  502: 'service_unavailable',
  503: 'service_unavailable',
  504: 'service_unavailable',
};
