import { Problem, problem } from '@latchkey/core/problem.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseUnavailable } from '../store/database.ts';
import { validationProblem } from './validation-problem.ts';

/** Answers any failure in our one shape. What is not a known problem says nothing outside and everything in the log. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toProblem(error);
  if (known.status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  return answerProblem(known, reply);
}

export function answerProblem(known: Problem, reply: FastifyReply): FastifyReply {
  if (known.retryAfter !== undefined)
    reply
      .header('retry-after', known.retryAfter)
      .header('x-ratelimit-reset', Math.ceil(Date.now() / 1000) + known.retryAfter);
  if (known.limit !== undefined)
    reply
      .header('x-sib-ratelimit-limit', known.limit)
      .header('x-sib-ratelimit-remaining', 0)
      .header('x-sib-ratelimit-reset', known.retryAfter);
  const { code, message, details } = known.toJSON();
  // The live wire's 401 has its message first (wire.md §3), and clients were seen to compare it whole.
  const body = known.status === 401 ? { message, code } : { code, message, ...(details && { details }) };
  return reply
    .code(known.status)
    .header('content-type', 'application/json')
    .header('cache-control', 'no-store')
    .header('sib-request-id', reply.request.id)
    .send(JSON.stringify(body));
}

export function toProblem(error: FastifyError | Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseUnavailable)
    return new Problem('service_unavailable', 'The service is not available just now; try again in a moment.', [], 1);
  const { code, validation, validationContext } = error as Partial<FastifyError>;
  if (validation?.[0]) return validationProblem(validation[0], validationContext ?? 'body');
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('out_of_range', 'body', 'too_large', 'The body is too large: at most 256 KiB.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'ECONNRESET':
      return problem(
        'bad_request',
        'request',
        'malformed',
        'The request cannot be read: check its path, length and content type.',
      );
    default:
      return new Problem('internal_error', 'Something went wrong on our side; the log has it under this request id.');
  }
}
