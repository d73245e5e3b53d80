import { guard, type Judge, type Who } from './guard.ts';

export type { ByMember, ByToken, Checker, Holder, Judge, TokenVerifier, Verdict, Who } from './guard.ts';

/** As much of Express's response as is needed. */
export interface ExpressResponseLike {
  status(status: number): unknown;
  set(headers: Record<string, string>): unknown;
  json(body: unknown): unknown;
}

/**
 * A middleware that lets through who may, and answers 403 to who may not, 401 to nobody, 503 where nobody can say.
 * @param judge `latchkey.access`, a replica, or a token verifier
 */
// biome-ignore lint/suspicious/noExplicitAny: what stands in place of the framework's own type, which who writes `member` may name
export function requirePermission<Request = any>(
  judge: Judge,
  feature: string,
  permission: string,
  who: Who<Request>,
): (request: NoInfer<Request>, response: ExpressResponseLike, next: (error?: unknown) => void) => Promise<void> {
  const refusalOf = guard(judge, feature, permission, who);
  return async (request, response, next) => {
    const refusal = await refusalOf(request);
    if (!refusal) {
      next();
      return;
    }
    response.status(refusal.status);
    response.set(refusal.headers);
    response.json(refusal.body);
  };
}
