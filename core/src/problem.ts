/**
 * Every way a request can fail, as data: the wire body is `{code, message, details?}`.
 * Codes are the vendor's own list (wire.md §3) wherever one fits; the ones marked `ours` are added because none does.
 */
export const problemCodes = {
  invalid_parameter: { status: 400, ours: false, means: 'A value is of the wrong type, form or meaning.' },
  missing_parameter: { status: 400, ours: false, means: 'Something required was not sent.' },
  out_of_range: { status: 400, ours: false, means: 'A number or a length is outside its limits.' },
  bad_request: { status: 400, ours: false, means: 'The request cannot be read: not JSON, not UTF-8, a name twice.' },
  duplicate_parameter: { status: 400, ours: false, means: 'It exists already.' },
  duplicate_request: { status: 400, ours: false, means: 'The Idempotency-Key was used before for another request.' },
  unauthorized: { status: 401, ours: false, means: 'No key, an unknown key, or a key that may not be used from here.' },
  not_enough_credits: { status: 402, ours: false, means: 'The plan has no room for it, a seat for example.' },
  permission_denied: { status: 403, ours: false, means: 'The key does not hold what this needs.' },
  document_not_found: { status: 404, ours: false, means: 'There is no such thing in this organization.' },
  method_not_allowed: { status: 405, ours: false, means: 'The path exists, but not with this method.' },
  precondition_failed: { status: 412, ours: true, means: 'If-Match names a version that is not the newest.' },
  too_many_requests: { status: 429, ours: true, means: 'A limit was reached; Retry-After says when to come back.' },
  internal_error: { status: 500, ours: true, means: 'A fault of ours; the log has it under the request id.' },
  service_unavailable: { status: 503, ours: true, means: 'The database cannot be reached just now; retry.' },
} as const satisfies Record<string, { status: number; ours: boolean; means: string }>;

export type ProblemCode = keyof typeof problemCodes;

/** One reason for a refusal: where (`path` as in `privileges[0].feature`), which (`reason`, stable), in words, and the nearest right value. */
export interface ProblemDetail {
  path: string;
  reason: string;
  message: string;
  suggestion?: string;
}

/** A refusal with a public text. Anything else that is thrown is a fault of ours and says nothing outside. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetail[];
  /** Seconds until a retry can succeed, for 429 and 503. */
  readonly retryAfter: number | undefined;
  /** The limit that was reached, where it is one of messages. */
  readonly limit: number | undefined;

  constructor(code: ProblemCode, message: string, details: ProblemDetail[] = [], retryAfter?: number, limit?: number) {
    super(message);
    this.name = 'Problem';
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
    this.limit = limit;
  }

  get status(): number {
    return problemCodes[this.code].status;
  }

  /** The stable reason of the first detail, which tests and logs go by. */
  get reason(): string | undefined {
    return this.details[0]?.reason;
  }

  toJSON(): { code: ProblemCode; message: string; details?: ProblemDetail[] } {
    return { code: this.code, message: this.message, ...(this.details.length > 0 && { details: this.details }) };
  }
}

/** A problem with one detail: its message is the problem's own. */
export function problem(
  code: ProblemCode,
  path: string,
  reason: string,
  message: string,
  suggestion?: string,
): Problem {
  return new Problem(code, message, [{ path, reason, message, ...(suggestion !== undefined && { suggestion }) }]);
}
