import type { Actor } from '@latchkey/core/actor.ts';
import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { mayCall } from '@latchkey/core/authority.ts';
import { requireFreshSignIn } from '@latchkey/core/fresh-sign-in.ts';
import { Problem, problem } from '@latchkey/core/problem.ts';
import { refuseUnstorableText } from '@latchkey/core/strict-json.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyUse, PartnerKeyCredential } from '../store/credentials.ts';
import type { Call, Caller, Origin, Outcome, PartnerCall, PublicCall, Services } from '../usecases/call.ts';
import { plainAddress, subscriberAt } from '../usecases/keys/address-ranges.ts';
import { entityTag } from '../usecases/members/update-member-permissions.ts';
import { accessForbidden } from '../usecases/under-lock.ts';
import type { Authentication, Identity } from './authenticate.ts';
import type { EarlyRead, EarlyReads } from './early-reads.ts';
import { idempotently } from './idempotency.ts';
import type { RateLimit } from './limits.ts';
import type { Refusals } from './refusals.ts';
import { type Input, type RoutedName, useCases } from './routes.ts';
import type { Streamed } from './streamed-list.ts';
import type { Turns } from './turns.ts';

/** What requests pass through on their way to a use case. */
export interface Gate {
  services: Services;
  authentication: Authentication;
  keyLimit: RateLimit;
  addressLimit: RateLimit;
  refusals: Refusals;
  turns: Turns;
  earlyReads: EarlyReads;
  usage: { note(key: Omit<KeyUse, 'at'>): void };
  sealKeys: readonly Buffer[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once known: set before a body is read. */
    caller: Caller | null;
    /** What was begun before that. */
    early: EarlyRead | null;
  }
  interface FastifyInstance {
    /** Aborted when the server takes no more requests. */
    closing: AbortSignal;
  }
}

/** Before a body is read: who asks, have they called too often, may they call this at all, and was it they who signed in lately. */
export function admit(gate: Gate, name: RoutedName) {
  const operation: Operation = api[name];
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const common: PublicCall = { ...gate.services, origin: originOf(request) };
    if (operation.access === 'public') {
      gate.addressLimit.take(subscriberAt(common.origin.ip), reply);
      request.caller = { ...common, ...(mayStart(operation) && (await fromPage(gate, operation, request))) };
      return;
    }
    const identity = await gate.authentication.identify(request.headers, request.ip);
    const key = keyOf(identity);
    gate.usage.note(key);
    gate.keyLimit.take(key.id, reply);
    if (operation.access === 'session') {
      if (identity.kind !== 'session') throw notSignedIn();
      if (operation.freshSignIn) requireFreshSignIn(identity.signedIn);
      request.caller = { ...common, signedIn: identity.signedIn };
      return;
    }
    if (operation.access === 'partner') {
      if (identity.kind !== 'partner_key') {
        const { actor } = identity;
        if (actor) await gate.refusals.record(operation, request, { ...common, actor, access: 'credential' });
        throw accessForbidden();
      }
      request.caller = { ...common, partner: partnerOf(identity.partnerKey) };
      return;
    }
    const actor =
      identity.kind === 'api_key' ? identity.actor : await actorIn(gate, operation, request, common, identity);
    const call: Call = { ...common, actor, access: operation.access };
    request.caller = call;
    if (!mayCall(gate.services.catalogue, actor, operation.access)) {
      await gate.refusals.record(operation, request, call);
      throw accessForbidden();
    }
    if (operation.freshSignIn && identity.kind === 'session') {
      if (!identity.signedIn.fresh) await gate.refusals.record(operation, request, call);
      requireFreshSignIn(identity.signedIn);
    }
  };
}

/**
 * What a page of ours brings to an operation that may begin a session.
 * @throws Problem `permission_denied`, reason `not_our_page`, where it can do nothing but that
 */
async function fromPage(
  { authentication }: Gate,
  operation: Operation,
  { headers }: FastifyRequest,
): Promise<Pick<PublicCall, 'page'>> {
  if (authentication.cookie.fromOwnPage(headers)) return { page: { signedIn: await authentication.signedIn(headers) } };
  if (operation.session === 'may_start') return {};
  throw problem(
    'permission_denied',
    'latchkey-session',
    'not_our_page',
    'A session is begun only by this server’s own pages, which send the header latchkey-session: 1.',
  );
}

/** The actor that a partner, or somebody signed in, is in the organization they name; a partner's naming one of others is a refused attempt. */
async function actorIn(
  gate: Gate,
  operation: Operation,
  request: FastifyRequest,
  common: PublicCall,
  identity: Exclude<Identity, { kind: 'api_key' }>,
): Promise<Actor> {
  try {
    return await gate.authentication.inOrganization(identity, request.headers);
  } catch (error) {
    const refused = error instanceof Problem && error.code === 'permission_denied';
    if (refused && identity.kind === 'partner_key')
      await gate.refusals.record(operation, request, { ...common, partner: partnerOf(identity.partnerKey) });
    throw error;
  }
}

/** After validation: the use case, and its outcome as a reply. */
export function handle(gate: Gate, name: RoutedName) {
  const operation: Operation = api[name];
  const useCase = useCases[name] as (
    caller: PublicCall,
    input: Input<Operation>,
  ) => Promise<Outcome<unknown> | Streamed>;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const caller = request.caller;
    if (!caller) throw new Error(`${name} was reached without passing the gate`);
    const input = inputOf(operation, request, reply);
    try {
      const work = () =>
        ('actor' in caller ? request.early?.foundFor(caller.actor) : undefined) ??
        once(gate, operation, request, caller, (db) => useCase({ ...caller, db }, input));
      const outcome = await (operation.inTurn && 'actor' in caller
        ? gate.turns(caller.actor.organization.id, work)
        : work());
      if ('stream' in outcome) return sendStream(reply, outcome);
      if (outcome.revision !== undefined) {
        reply.header('latchkey-revision', outcome.revision);
        gate.services.accessChanged();
      }
      if (outcome.version !== undefined) reply.header('etag', entityTag(outcome.version));
      if (outcome.session !== undefined) reply.header('set-cookie', cookieOf(gate, outcome.session));
      if (outcome.refused) await gate.refusals.record(operation, request, caller);
      return reply.code(operation.reply.status).send(outcome.body);
    } catch (error) {
      if (error instanceof Problem && error.code === 'permission_denied')
        await gate.refusals.record(operation, request, caller, error);
      throw error;
    }
  };
}

const mayStart = ({ session }: Operation): boolean => session === 'starts' || session === 'may_start';

const cookieOf = ({ authentication: { cookie } }: Gate, session: NonNullable<Outcome<unknown>['session']>): string =>
  session === 'ended' ? cookie.clear() : cookie.set(session, Date.now());

const notSignedIn = (): Problem =>
  new Problem('permission_denied', 'This is for people who are signed in: no key can ask for it.');

function sendStream(reply: FastifyReply, { stream, type, filename }: Streamed): FastifyReply {
  if (filename !== undefined) reply.header('content-disposition', `attachment; filename="${filename}"`);
  return reply.header('content-type', type).send(stream);
}

/** With an Idempotency-Key a POST that takes one happens once. A public one is told apart by the token it brings. */
function once(
  gate: Gate,
  operation: Operation,
  request: FastifyRequest,
  caller: Caller,
  work: (db: Services['db']) => Promise<Outcome<unknown> | Streamed>,
): Promise<Outcome<unknown> | Streamed> {
  const key = request.headers['idempotency-key'];
  // Signing in takes none: links and challenges are used up as they are, and no answer is kept that could be given to another.
  if (operation.method !== 'POST' || key === undefined || !operation.problems.includes('duplicate_request'))
    return work(caller.db);
  const scope = scopeOf(caller, request.body);
  if (scope === undefined) return work(caller.db);
  const what = [operation.path, request.params, request.body, 'actor' in caller ? caller.actor.organization.id : null];
  return idempotently(
    { db: caller.db, sealKeys: gate.sealKeys, scope, key: String(key), request: what },
    work as (db: Services['db']) => Promise<Outcome<unknown>>,
  );
}

function scopeOf(caller: Caller, body: unknown): string | undefined {
  if ('actor' in caller) return caller.actor.id;
  if ('partner' in caller) return caller.partner.keyId;
  if ('signedIn' in caller) return caller.signedIn.identityId;
  const token = typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : '';
  return caller.links.read(token)?.invitationId;
}

/** What the request says, once its parts have been validated. */
export function inputOf(operation: Operation, request: FastifyRequest, reply: FastifyReply): Input<Operation> {
  refuseUndecodableQuery(request.url);
  for (const part of [request.params, request.query] as Record<string, unknown>[]) {
    for (const [name, value] of Object.entries(part)) if (typeof value === 'string') refuseUnstorableText(value, name);
  }
  if (operation.body === undefined && !saysNothing(request.body))
    throw new Problem('invalid_parameter', 'This operation takes no body.', [
      { path: 'body', reason: 'unexpected_body', message: 'This operation takes no body.' },
    ]);
  return {
    params: request.params,
    query: request.query,
    headers: request.headers,
    body: request.body,
    closed: closedSignal(request, reply),
  } as Input<Operation>;
}

/** Only streams need to know that nobody listens any more, or that the server closes; others are not charged for it. */
function closedSignal(request: FastifyRequest, { raw: response }: FastifyReply): () => AbortSignal {
  return () => {
    const gone = new AbortController();
    // The response closes with its connection, or when it is over; a connection may outlive thousands of them.
    response.once('close', () => gone.abort());
    if (response.destroyed) gone.abort();
    return AbortSignal.any([gone.signal, request.server.closing]);
  };
}

/** The query's parser leaves percent signs that it cannot decode as they are, which would be another text than was meant. */
function refuseUndecodableQuery(url: string): void {
  try {
    decodeURIComponent(url.slice(url.indexOf('?') + 1));
  } catch {
    const message = 'The query is not percent-encoded UTF-8.';
    throw new Problem('bad_request', message, [{ path: 'query', reason: 'malformed', message }]);
  }
}

/** Some clients send `{}` or `null` where there is nothing to say. */
const saysNothing = (body: unknown): boolean => body === undefined || body === null || JSON.stringify(body) === '{}';

export const originOf = (request: FastifyRequest): Origin => ({
  requestId: request.id,
  ip: plainAddress(request.ip),
  userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
});

function keyOf(identity: Identity): Omit<KeyUse, 'at'> {
  switch (identity.kind) {
    case 'api_key':
      return { kind: 'api_key', scope: identity.actor.organization.id, id: identity.actor.id };
    case 'partner_key':
      return { kind: 'partner_key', scope: identity.partnerKey.partner_id, id: identity.partnerKey.key_id };
    case 'session':
      return { kind: 'session', scope: identity.signedIn.identityId, id: identity.signedIn.sessionId };
  }
}

const partnerOf = (key: PartnerKeyCredential): PartnerCall['partner'] => ({
  id: key.partner_id,
  name: key.partner_name,
  keyId: key.key_id,
  limits: { expiresAt: key.expires_at, allowedIps: key.allowed_ips },
});
