import { guard, type Judge, type Who } from './guard.ts';

export type { ByMember, ByToken, Checker, Holder, Judge, TokenVerifier, Verdict, Who } from './guard.ts';

/** As much of Fastify's reply as is needed. */
export interface FastifyReplyLike {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: unknown): unknown;
}

/**
 * A `preHandler` that lets through who may, and answers 403 to who may not, 401 to nobody, 503 where nobody can say.
 * @param judge `latchkey.access`, a replica, or a token verifier
 */
// biome-ignore lint/suspicious/noExplicitAny: what stands in place of the framework's own type, which who writes `member` may name
export function requirePermission<Request = any>(
  judge: Judge,
  feature: string,
  permission: string,
  who: Who<Request>,
): (request: NoInfer<Request>, reply: FastifyReplyLike) => Promise<unknown> {
  const refusalOf = guard(judge, feature, permission, who);
  return async (request, reply) => {
    const refusal = await refusalOf(request);
    if (!refusal) return undefined;
    reply.code(refusal.status);
    reply.headers(refusal.headers);
    return reply.send(refusal.body);
  };
}
