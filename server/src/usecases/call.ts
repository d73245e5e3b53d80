import type { Actor, KeyLimits } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { AuditAction } from '@latchkey/core/audit-event.ts';
import type { OrganizationAccess } from '@latchkey/core/authority.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import type { LinkPurpose } from '@latchkey/core/invitation-link.ts';
import type { AccessChecks } from '../access/access-checks.ts';
import { type AuditEvent, insertAuditEvent } from '../store/audit-events.ts';
import type { Database } from '../store/database.ts';
import type { MailLimits, WriteInvitation } from '../store/invitations.ts';
import type { SignInMethod } from '../store/sessions.ts';

/** What there is before anything else: it is enough to make an installation. */
export interface Foundation {
  db: Database;
  catalogue: Catalogue;
  catalogueFingerprint: string;
  newId: () => string;
  newKeyBytes: () => Uint8Array;
}

/** Everything a use case needs that is the same for every request. */
export interface Services extends Foundation {
  links: Links;
  signIn: SignInRules;
  invitationSeconds: number;
  mailLimits: MailLimits;
  writeInvitation: WriteInvitation;
  checks: AccessChecks;
  tokens: Tokens;
  /** Tells this node and the others that access has changed; they would find out by themselves a little later. */
  accessChanged: () => void;
  /** Tells the mail worker that there may be something to send. */
  mailQueued: () => void;
}

/** Signs what a member may do, with keys that change by themselves. Times are the database's, in milliseconds since 1970. */
export interface Tokens {
  sign(now: number, claims: Record<string, string | number>): Promise<string>;
  publicKeys(now: number): Promise<Reply<Api['getSigningKeys']>['keys']>;
}

/** Makes and reads invitation links; the only way to the secret. */
export interface Links {
  url(link: { organizationId: string; invitationId: string; generation: number; purpose: LinkPurpose }): string;
  read(
    token: string,
  ): { organizationId: string; invitationId: string; generation: number; purpose: LinkPurpose } | undefined;
}

/** How people sign in, and the only way to the secret of their links. */
export interface SignInRules {
  /** Whether there is a mail server to send links by. */
  mailsLinks: boolean;
  linkSeconds: number;
  sessionSeconds: number;
  /** A session that nobody uses for so long is over. */
  idleSeconds: number;
  /** The origin of our pages, which passkeys belong to: `https://access.example.com`. */
  origin: string;
  url(linkId: string): string;
  /** The id of the link that a token opens. */
  read(token: string): string | undefined;
}

/** Where a request came from, for the audit log. */
export interface Origin {
  requestId: string;
  ip: string;
  userAgent: string | null;
}

/** One request of somebody unknown: what they may do is in the token they bring. */
export interface PublicCall extends Services {
  origin: Origin;
  /** Set where a page of ours asks, which may begin a session: who is signed in there already. */
  page?: { signedIn: SignedIn | undefined };
}

/** Somebody who is signed in, in whatever organization. */
export interface SignedIn {
  sessionId: string;
  identityId: string;
  email: string;
  method: SignInMethod;
  signedInAt: Date;
  /** Signed in within the last hour, so that it is still them who sit there. */
  fresh: boolean;
  expiresAt: Date;
}

/** One request of somebody who is signed in, about their own sign-in. */
export interface SessionCall extends PublicCall {
  signedIn: SignedIn;
}

/** One request of a credential. */
export interface Call extends PublicCall {
  actor: Actor;
  /** What the operation needs; judged again under the organization's lock. */
  access: OrganizationAccess;
}

/** What a use case answers: the body, and what goes into headers. */
export interface Outcome<B> {
  body: B;
  /** The organization's revision after a change of active access. */
  revision?: number;
  /** The version of the member that was read. */
  version?: number;
  /** Something of it was not permitted, though the whole is answered: the attempt is recorded like one that is refused. */
  refused?: boolean;
  /** What becomes of the browser's cookie: a new session's, or none any more. */
  session?: StartedSession | 'ended';
  /** What a repetition with the same Idempotency-Key is answered, where the body says what is true of the first answer only. */
  repeated?: B;
}

/** A session that has begun; its secret goes into the cookie, and nowhere else. */
export interface StartedSession {
  secret: string;
  expiresAt: Date;
}

export interface Happening {
  action: AuditAction;
  target: { kind: 'member' | 'api_key' | 'partner_key' | 'organization'; id: string | null; email?: string };
  details?: Record<string, unknown>;
  outcome?: AuditEvent['outcome'];
}

/** The audit event of something that the caller did in their organization. */
export function auditEvent(call: Call, happening: Happening): AuditEvent {
  return {
    ...eventOf(call, happening),
    organizationId: call.actor.organization.id,
    actorKind: call.actor.kind,
    actorId: call.actor.id,
    actorName: call.actor.member?.email ?? call.actor.name,
  };
}

export const record = (call: Call, happening: Happening): Promise<void> =>
  insertAuditEvent(call.db, auditEvent(call, happening));

/** The audit event of an invited person's own answer. */
export const recordAnswer = (
  call: PublicCall,
  organizationId: string,
  person: { id: string; email: string },
  happening: Happening,
): Promise<void> =>
  insertAuditEvent(call.db, {
    ...eventOf(call, happening),
    organizationId,
    actorKind: 'member',
    actorId: person.id,
    actorName: person.email,
  });

/** The audit event of something that concerns a partner and none, or a new one, of their organizations. */
export const recordForPartner = (
  call: PartnerCall,
  organizationId: string | null,
  happening: Happening,
): Promise<void> =>
  insertAuditEvent(call.db, {
    ...eventOf(call, happening),
    organizationId,
    partnerId: call.partner.id,
    actorKind: 'partner_key',
    actorId: call.partner.keyId,
    actorName: call.partner.name,
  });

function eventOf(call: PublicCall, { action, target, details = {}, outcome = 'done' }: Happening) {
  return {
    id: call.newId(),
    partnerId: null,
    action,
    outcome,
    targetKind: target.kind,
    targetId: target.id,
    targetEmail: target.email ?? null,
    details,
    requestId: call.origin.requestId,
    ip: call.origin.ip,
    userAgent: call.origin.userAgent,
  };
}

/** One request of a partner key about the partner's own things: no organization is acted in. */
export interface PartnerCall extends PublicCall {
  partner: { id: string; name: string; keyId: string; limits: KeyLimits };
}

/** Whoever may stand behind a request that was let in. */
export type Caller = PublicCall | Call | PartnerCall | SessionCall;
