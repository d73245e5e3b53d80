import { guard, type Judge, type Who } from './guard.ts';

export type { ByMember, ByToken, Checker, Holder, Judge, TokenVerifier, Verdict, Who } from './guard.ts';

/**
 * A middleware that lets through who may, and answers 403 to who may not, 401 to nobody, 503 where nobody can say.
 * It fits every framework whose middleware takes a context and `next`, and may return a Response.
 * @param judge `latchkey.access`, a replica, or a token verifier
 */
// biome-ignore lint/suspicious/noExplicitAny: what stands in place of the framework's own type, which who writes `member` may name
export function requirePermission<Context = any>(
  judge: Judge,
  feature: string,
  permission: string,
  who: Who<Context>,
): (context: NoInfer<Context>, next: () => Promise<void>) => Promise<Response | undefined> {
  const refusalOf = guard(judge, feature, permission, who);
  return async (context, next) => {
    const refusal = await refusalOf(context);
    if (refusal) return Response.json(refusal.body, { status: refusal.status, headers: refusal.headers });
    await next();
    return undefined;
  };
}
