import { type Access, type Actor, actorOf, isEntitled, keyHoldings, mayCall } from './authority.ts';
import {
  deadLink,
  duplicate,
  forbidden,
  invalid,
  lastOwner,
  linked,
  linkState,
  missingPrivileges,
  newGrants,
  ownerProtected,
  permissionsOf,
  Refusal,
  requireCeiling,
  requireInPlan,
  requireNotJoined,
  sameGrants,
  unknownKey,
  unknownMember,
} from './refusals.ts';
import type { Answer, Credential, Offer, Request } from './requests.ts';
import {
  activeOwners,
  everyPermission,
  isActiveOwner,
  type Link,
  type Membership,
  type State,
  seatLimit,
  seatsTaken,
  standing,
  statusOf,
} from './state.ts';

/**
 * The life cycle as a function: what a request answers in a state, and the state after it. The state given is kept.
 * @param letIn the state in which the request was let in, where that was an earlier one. It matters to invitations alone:
 *   a new address is invited without waiting for anybody, on the authority that was there a moment ago, and whoever
 *   invited is judged again when it is accepted.
 */
export function step(before: State, request: Request, letIn: State = before): { state: State; answer: Answer } {
  const state = structuredClone(before);
  try {
    const answer = apply(state, request, letIn);
    return { state, answer };
  } catch (error) {
    if (error instanceof Refusal) return { state: before, answer: error.answer };
    throw error;
  }
}

function apply(state: State, request: Request, letIn: State): Answer {
  switch (request.do) {
    case 'send':
      return send(state, request, letIn);
    case 'update':
      return update(state, admit(state, request.by, 'members'), request.email, request.offer);
    case 'resend':
      return resend(state, admit(state, request.by, 'members'), request.email);
    case 'cancel':
      return cancel(state, admit(state, request.by, 'members'), request.email);
    case 'revoke':
      return revoke(state, admit(state, request.by, 'members'), request.email);
    case 'accept':
      return accept(state, request.link);
    case 'decline':
      return decline(state, request.link);
    case 'give':
      return give(state, admit(state, request.by, 'ownership'), request.email);
    case 'stepDown':
      return stepDown(state, admit(state, request.by, 'self'));
    case 'leave':
      return leave(state, admit(state, request.by, 'self'));
    case 'createKey':
      return createKey(state, admit(state, request.by, 'api_keys'), request.key, request.offer);
    case 'deleteKey':
      return deleteKey(state, admit(state, request.by, 'api_keys'), request.key);
    case 'rotateKey':
      return rotateKey(state, admit(state, request.by, 'api_keys'), request);
    case 'changePlan':
      state.plan = request.plan;
      state.seats = request.seats;
      return changed(state, 'plan.changed');
    case 'expire': {
      const member = standing(state, request.email);
      if (member?.status === 'pending') member.expired = true;
      return { status: 200 };
    }
    case 'wait':
      for (const { invitation, removal } of state.memberships) {
        if (invitation) delete invitation.resentBy;
        if (removal) removal.by = 'somebody long ago';
      }
      return { status: 200 };
  }
}

/** Who asks, and may they? A secret that opens nothing is told apart from a key that holds too little. */
function admit(state: State, by: Credential, access: Access): Actor {
  const known = by.key === 'partner' || state.keys[by.key]?.secrets.includes(by.secret);
  const actor = known ? actorOf(state, by.key) : undefined;
  if (!actor) throw new Refusal(401, 'unauthorized');
  if (!mayCall(state, actor, access)) throw forbidden();
  return actor;
}

/** A new address is invited; the same offer again is a retry; after a no, or too late, it is a new offer. */
function send(state: State, { by, email, offer }: RequestOf<'send'>, letIn: State): Answer {
  const judged = admit(letIn, by, 'members');
  const offered = { owner: false, ...newGrants(offer) };
  requireCeiling(judged, offered);
  requireInPlan(letIn, offered.permissions);
  const member = standing(state, email);
  if (!member) {
    const invitation = { generation: 1, grantor: judged.name };
    state.memberships.push({ ...offered, email, status: 'pending', expired: false, invitation });
    state.deliveries++;
    return recorded(state, 'member.invited');
  }
  const actor = admit(state, by, 'members');
  requireCeiling(actor, offered);
  if (member.status === 'active') throw duplicate('already_member');
  if (statusOf(member) === 'pending') {
    if (!member.owner && sameGrants(member, offered)) return { status: 200 };
    throw duplicate('already_invited');
  }
  requireCeiling(actor, member);
  Object.assign(member, { everything: offered.everything, permissions: offered.permissions });
  renew(state, member, actor);
  return recorded(state, 'member.invited');
}

/** Named features are replaced, others stay; who held everything is left with exactly what is named. */
function update(state: State, actor: Actor, email: string, offer: Offer): Answer {
  if (!offer.everything && Object.keys(offer.privileges).length === 0) throw missingPrivileges();
  const member = standing(state, email);
  if (!member) throw unknownMember();
  if (member.owner) throw ownerProtected();
  const kept = member.permissions.filter((name) => !(name.slice(0, name.indexOf(':')) in offer.privileges));
  const permissions = offer.everything ? [] : [...(member.everything ? [] : kept), ...permissionsOf(offer)].sort();
  const next = { owner: member.owner, everything: offer.everything, permissions };
  requireCeiling(actor, member);
  requireCeiling(actor, next);
  const held = member.everything ? everyPermission : member.permissions;
  requireInPlan(
    state,
    permissions.filter((name) => !held.includes(name)),
  );
  if (sameGrants(member, next)) return member.status === 'active' ? unchanged(state) : { status: 200 };

  Object.assign(member, next);
  if (member.status === 'active') return changed(state, 'member.updated');
  if (member.invitation) member.invitation.grantor = actor.name;
  return recorded(state, 'member.updated');
}

/** A new link for somebody who has not joined; the same credential repeats nothing within a minute. */
function resend(state: State, actor: Actor, email: string): Answer {
  const member = standing(state, email);
  if (!member) throw unknownMember();
  requireNotJoined(member);
  requireCeiling(actor, member);
  if (statusOf(member) === 'pending' && member.invitation?.resentBy === actor.name) return { status: 200 };
  renew(state, member, actor);
  if (member.invitation) member.invitation.resentBy = actor.name;
  return recorded(state, 'invitation.resent');
}

function cancel(state: State, actor: Actor, email: string): Answer {
  const member = standing(state, email);
  if (!member && justRemoved(state, actor, email, 'cancelled')) return { status: 200 };
  if (!member) throw unknownMember();
  requireNotJoined(member);
  requireCeiling(actor, member);
  remove(member, 'cancelled', actor);
  return recorded(state, 'invitation.cancelled');
}

function revoke(state: State, actor: Actor, email: string): Answer {
  const member = standing(state, email);
  if (!member && justRemoved(state, actor, email, 'revoked')) return unchanged(state);
  if (!member) throw unknownMember();
  if (member.owner) throw ownerProtected();
  requireCeiling(actor, member);
  const wasActive = member.status === 'active';
  remove(member, 'revoked', actor);
  return wasActive ? changed(state, 'member.revoked') : recorded(state, 'member.revoked');
}

function accept(state: State, link: Link): Answer {
  const member = linked(state, link);
  const how = linkState(member, link);
  if (how === 'joined') return unchanged(state);
  if (how !== 'pending') throw deadLink(how);
  if (!isEntitled(state, member.invitation?.grantor ?? '', member))
    throw new Refusal(403, 'permission_denied', 'grantor_not_entitled');
  const seats = seatLimit(state);
  if (seats !== null && seatsTaken(state) >= seats) throw new Refusal(402, 'not_enough_credits', 'seat_limit');
  member.status = 'active';
  return changed(state, 'invitation.accepted');
}

function decline(state: State, link: Link): Answer {
  const member = linked(state, link);
  const how = linkState(member, link);
  if (how === 'declined') return { status: 200 };
  if (how === 'joined') throw invalid('already_joined');
  if (how !== 'pending') throw deadLink(how);
  member.status = 'declined';
  return recorded(state, 'invitation.declined');
}

function give(state: State, _owner: Actor, email: string): Answer {
  const member = standing(state, email);
  if (!member) throw unknownMember();
  if (member.status !== 'active') throw invalid('not_active');
  if (member.owner) return unchanged(state);
  member.owner = true;
  return changed(state, 'ownership.given');
}

function stepDown(state: State, actor: Actor): Answer {
  const member = behind(state, actor);
  if (!member.owner) throw invalid('not_an_owner');
  if (activeOwners(state) === 1) throw lastOwner();
  member.owner = false;
  return changed(state, 'ownership.stepped_down');
}

function leave(state: State, actor: Actor): Answer {
  const member = behind(state, actor);
  if (isActiveOwner(member) && activeOwners(state) === 1) throw lastOwner();
  remove(member, 'left', actor);
  return changed(state, 'member.left');
}

/** A key belongs to whom its maker belongs to. An owner's and a partner's keys stand by themselves, others are bound. */
function createKey(state: State, actor: Actor, name: string, offer: Offer): Answer {
  const given = newGrants(offer);
  requireCeiling(actor, { owner: false, ...given });
  requireInPlan(state, given.permissions);
  const { membership } = actor;
  const byOwner = membership !== undefined && state.memberships[membership]?.owner === true;
  const belongsTo = membership === undefined ? {} : { membership };
  state.keys[name] = { given, ...belongsTo, bound: actor.bound && !byOwner, deleted: false, secrets: [name] };
  return { ...changed(state, 'api_key.created'), status: 201 };
}

function deleteKey(state: State, actor: Actor, name: string): Answer {
  const key = changeableKey(state, actor, name);
  key.deleted = true;
  key.secrets = [];
  return changed(state, 'api_key.deleted');
}

function rotateKey(state: State, actor: Actor, { key: name, secret, overlap }: RequestOf<'rotateKey'>): Answer {
  const key = changeableKey(state, actor, name);
  key.secrets = overlap > 0 ? [...key.secrets, secret] : [secret];
  return changed(state, 'api_key.rotated');
}

type RequestOf<K extends Request['do']> = Extract<Request, { do: K }>;

/** Whoever changes a key must hold what it holds, and what it was given. */
function changeableKey(state: State, actor: Actor, name: string): State['keys'][string] {
  const key = state.keys[name];
  const holdings = keyHoldings(state, name);
  if (!key || !holdings) throw unknownKey();
  requireCeiling(actor, holdings);
  requireCeiling(actor, { owner: false, ...key.given });
  return key;
}

function renew(state: State, member: Membership, actor: Actor): void {
  member.status = 'pending';
  member.expired = false;
  member.invitation = { generation: (member.invitation?.generation ?? 0) + 1, grantor: actor.name };
  state.deliveries++;
}

function remove(member: Membership, as: NonNullable<Membership['removal']>['as'], { name }: Actor): void {
  Object.assign(member, { status: 'removed', owner: false, everything: false, permissions: [] });
  member.removal = { as, by: name };
}

/** The same removal by the same credential within 10 minutes is a retry. */
const justRemoved = (state: State, { name }: Actor, email: string, as: string): boolean =>
  state.memberships.some((member) => member.email === email && member.removal?.as === as && member.removal.by === name);

function behind(state: State, { membership }: Actor): Membership {
  const member = membership === undefined ? undefined : state.memberships[membership];
  if (!member) throw forbidden();
  return member;
}

function recorded(state: State, event: string): Answer {
  state.events[event] = (state.events[event] ?? 0) + 1;
  return { status: 200 };
}

/** Active access has changed, so the revision rises by one. */
function changed(state: State, event: string): Answer {
  return { ...recorded(state, event), revision: ++state.revision };
}

/** A repetition is told the revision too: it may be the first answer that arrives. */
const unchanged = (state: State): Answer => ({ status: 200, revision: state.revision });
