import type { AccessQuestion } from '../access-question.ts';

/** An answer as it is given by whoever is asked; anything but a plain yes is a no. */
export type Verdict = boolean | { allowed: boolean; reason?: string; message?: string };

/** Asks the server, or looks before it asks: `latchkey.access`, or a replica. */
export interface Checker {
  check(question: AccessQuestion, options: { timeout: number }): PromiseLike<Verdict>;
}

/** Answers from what it holds. */
export interface Holder {
  can(member: string, feature: string, permission: string): Verdict | PromiseLike<Verdict>;
}

/** Verifies a signed token and answers from it. Rejects with an error of the code `unauthorized` for one that does not count. */
export interface TokenVerifier {
  verify(token: string): PromiseLike<{ can(feature: string, permission: string): Verdict }>;
}

export type MaybeAsync<T> = T | PromiseLike<T>;

export interface ByMember<Request> {
  /** Who asks: the e-mail address, id or external id of whom your product knows to be signed in; nothing for nobody. */
  member: (request: Request) => MaybeAsync<string | null | undefined>;
  token?: undefined;
  /** Milliseconds to wait for the server's answer; 5,000 where absent. */
  timeout?: number | undefined;
}

export interface ByToken<Request> {
  /** The token that the request brings; nothing for none. */
  token: (request: Request) => MaybeAsync<string | null | undefined>;
  member?: undefined;
}

export type Who<Request> = ByMember<Request> | ByToken<Request>;
export type Judge = Checker | Holder | TokenVerifier;

/** What a request is answered with instead of being let through. */
export interface Refusal {
  status: 401 | 403 | 503;
  headers: Record<string, string>;
  body: { code: 'unauthorized' | 'permission_denied' | 'service_unavailable'; message: string; reason?: string };
}

/**
 * Decides for each request whether it may go on. Only a yes lets it through: without an answer it is refused too.
 * @returns for a request, its refusal, or undefined for yes
 * @throws TypeError where the judge cannot tell by what requests bring
 */
export function guard<Request>(
  judge: Judge,
  feature: string,
  permission: string,
  who: Who<Request>,
): (request: Request) => Promise<Refusal | undefined> {
  const nameOf = who.member ?? who.token;
  const ask = asking(judge, feature, permission, who);
  return async (request) => {
    try {
      const name = await nameOf(request);
      if (typeof name !== 'string' || name === '') return unauthorized('Nobody is signed in.');
      const verdict = await ask(name);
      if (verdict === true) return undefined;
      const { allowed, message, reason }: Denial = typeof verdict === 'object' ? verdict : { allowed: false };
      return allowed === true ? undefined : forbidden(message, reason);
    } catch (error) {
      return isUnauthorized(error, who) ? unauthorized('The token does not count.') : unavailable();
    }
  };
}

type Denial = Exclude<Verdict, boolean>;

function asking<Request>(
  judge: Judge,
  feature: string,
  permission: string,
  who: Who<Request>,
): (name: string) => MaybeAsync<Verdict> {
  if (who.token) {
    if (!('verify' in judge)) throw new TypeError('token: needs a token verifier to ask');
    return async (token) => (await judge.verify(token)).can(feature, permission);
  }
  const { timeout = 5_000 } = who;
  // Of a replica, `check` is preferred: it says why, and past its lease it does what it was told to do.
  if ('check' in judge) return (member) => judge.check({ member, feature, permission }, { timeout });
  if (!('can' in judge)) throw new TypeError('member: needs latchkey.access or a replica to ask');
  return (member) => judge.can(member, feature, permission);
}

/** A token that was refused is the request's fault. A key that was refused is ours, and no reason to send people to sign in. */
const isUnauthorized = <Request>(error: unknown, { token }: Who<Request>): boolean =>
  token !== undefined && (error as { code?: unknown } | null)?.code === 'unauthorized';

const unauthorized = (message: string): Refusal => ({
  status: 401,
  headers: {},
  body: { code: 'unauthorized', message },
});

const forbidden = (message = 'This is not permitted.', reason: string | undefined): Refusal => ({
  status: 403,
  headers: {},
  body: { code: 'permission_denied', message, ...(reason !== undefined && { reason }) },
});

const unavailable = (): Refusal => ({
  status: 503,
  headers: { 'retry-after': '1' },
  body: { code: 'service_unavailable', message: 'Whether this is permitted cannot be said just now; try again.' },
});
