import type { ListActivitiesInput } from '@latchkey/client';
import { counting } from '../counting.ts';

const count = counting('en');

export type AuditAction = NonNullable<ListActivitiesInput['action']>;

interface ActionWords {
  /** As one of a list to choose from. */
  name: string;
  /** @param whom the person it was done to; the same as `who` where people do it themselves */
  done: (who: string, whom: string) => string;
  /** It was refused. */
  tried: (who: string) => string;
}

/** What happened, in sentences. An action that lacks words does not compile. */
export const events = {
  somebody: 'Somebody',
  byKey: (name: string) => `${name} (API key)`,
  byPartner: (name: string) => `${name} (partner key)`,
  otherDone: (who: string, action: string) => `${who}: ${action}`,
  otherTried: (who: string, action: string) => `${who} was refused: ${action}`,
  actions: {
    'organization.created': {
      name: 'Organization created',
      done: (who) => `${who} created the organization`,
      tried: (who) => `${who} tried to create an organization`,
    },
    'organization.updated': {
      name: 'Organization changed',
      done: (who) => `${who} changed the organization`,
      tried: (who) => `${who} tried to change the organization`,
    },
    'plan.changed': {
      name: 'Plan changed',
      done: (who) => `${who} changed the plan`,
      tried: (who) => `${who} tried to change the plan`,
    },
    'member.invited': {
      name: 'Person invited',
      done: (who, whom) => `${who} invited ${whom}`,
      tried: (who) => `${who} tried to invite somebody`,
    },
    'member.updated': {
      name: 'Member changed',
      done: (who, whom) => `${who} changed the access of ${whom}`,
      tried: (who) => `${who} tried to change somebody’s access`,
    },
    'member.revoked': {
      name: 'Member removed',
      done: (who, whom) => `${who} removed ${whom}`,
      tried: (who) => `${who} tried to remove somebody`,
    },
    'member.left': {
      name: 'Member left',
      done: (who) => `${who} left the organization`,
      tried: (who) => `${who} tried to leave the organization`,
    },
    'member.signed_in': {
      name: 'Signed in',
      done: (who) => `${who} signed in`,
      tried: (who) => `${who} tried to sign in`,
    },
    'member.passkey_added': {
      name: 'Passkey added',
      done: (who) => `${who} added a passkey`,
      tried: (who) => `${who} tried to add a passkey`,
    },
    'member.passkey_removed': {
      name: 'Passkey removed',
      done: (who) => `${who} removed a passkey`,
      tried: (who) => `${who} tried to remove a passkey`,
    },
    'member.passkey_copied': {
      name: 'Copied passkey refused',
      done: (who) => `A passkey of ${who} seems to have been copied`,
      tried: (who) => `Somebody tried to sign in as ${who} with a passkey that seems to be a copy`,
    },
    'invitation.resent': {
      name: 'Invitation sent again',
      done: (who, whom) => `${who} sent ${whom} a new invitation; the old link died`,
      tried: (who) => `${who} tried to send an invitation again`,
    },
    'invitation.cancelled': {
      name: 'Invitation cancelled',
      done: (who, whom) => `${who} cancelled the invitation of ${whom}`,
      tried: (who) => `${who} tried to cancel an invitation`,
    },
    'invitation.accepted': {
      name: 'Invitation accepted',
      done: (_, whom) => `${whom} accepted the invitation and joined`,
      tried: (who) => `${who} tried to accept an invitation`,
    },
    'invitation.declined': {
      name: 'Invitation declined',
      done: (_, whom) => `${whom} declined the invitation`,
      tried: (who) => `${who} tried to decline an invitation`,
    },
    'invitation.link_revealed': {
      name: 'Invitation link copied',
      done: (who, whom) => `${who} copied the invitation link of ${whom}`,
      tried: (who) => `${who} tried to copy an invitation link`,
    },
    'ownership.given': {
      name: 'Ownership given',
      done: (who, whom) => `${who} made ${whom} an owner`,
      tried: (who) => `${who} tried to give ownership`,
    },
    'ownership.stepped_down': {
      name: 'Ownership given up',
      done: (who) => `${who} gave up ownership`,
      tried: (who) => `${who} tried to give up ownership`,
    },
    'api_key.created': {
      name: 'API key created',
      done: (who) => `${who} created an API key`,
      tried: (who) => `${who} tried to create an API key`,
    },
    'api_key.rotated': {
      name: 'API key rotated',
      done: (who) => `${who} rotated an API key`,
      tried: (who) => `${who} tried to rotate an API key`,
    },
    'api_key.adopted': {
      name: 'API key taken over',
      done: (who) => `${who} took over an API key`,
      tried: (who) => `${who} tried to take over an API key`,
    },
    'api_key.deleted': {
      name: 'API key deleted',
      done: (who) => `${who} deleted an API key`,
      tried: (who) => `${who} tried to delete an API key`,
    },
    'partner_key.created': {
      name: 'Partner key created',
      done: (who) => `${who} created a partner key`,
      tried: (who) => `${who} tried to create a partner key`,
    },
    'partner_key.rotated': {
      name: 'Partner key rotated',
      done: (who) => `${who} rotated a partner key`,
      tried: (who) => `${who} tried to rotate a partner key`,
    },
    'partner_key.deleted': {
      name: 'Partner key deleted',
      done: (who) => `${who} deleted a partner key`,
      tried: (who) => `${who} tried to delete a partner key`,
    },
  } satisfies Record<AuditAction, ActionWords> as Record<AuditAction, ActionWords>,
  refused: 'Refused',
  everything: 'everything, now and later',
  nothing: 'nothing',
  inFeature: (feature: string, permissions: string) => `${feature}: ${permissions}`,
  features: (features: string[]) => features.join('; '),
  gained: (what: string) => `Gained: ${what}`,
  lost: (what: string) => `Lost: ${what}`,
  given: (what: string) => `Given: ${what}`,
  had: (what: string) => `Had: ${what}`,
  suspended: 'Suspended: holds nothing for now',
  resumed: 'No longer suspended',
  ends: (when: string) => `Access ends at ${when}`,
  endsNoMore: 'Access has no end any more',
  externalId: 'The product’s own id was changed',
  againAfter: { declined: 'After the invitation before was declined', expired: 'After the invitation before expired' },
  wasPending: 'Had not joined yet',
  wasOwner: 'Was an owner',
  methods: {
    mailed_link: 'By a mailed link',
    operator_link: 'By a link of the operator',
    invitation: 'By joining',
    passkey: 'By a passkey',
  },
  named: (name: string) => `Named “${name}”`,
  copiedLink: 'By a copied link, which proves nothing about the mailbox',
  otherSession: 'Refused: somebody else was signed in',
  fields: { name: 'name', locale: 'language', redirect_url: 'address after joining' },
  changedFields: (fields: string) => `Changed: ${fields}`,
  plan: (name: string, seats: number | null) =>
    seats === null ? `Plan: ${name}` : `Plan: ${name}, ${count(seats, { one: 'seat', other: 'seats' })}`,
  planBefore: (name: string, seats: number | null) =>
    seats === null ? `Before: ${name}` : `Before: ${name}, ${count(seats, { one: 'seat', other: 'seats' })}`,
  expires: (when: string) => `Expires ${when}`,
  addresses: (many: number) => `Only from ${count(many, { one: 'address range', other: 'address ranges' })}`,
  overlap: (minutes: number) =>
    minutes === 0
      ? 'The old key ended at once'
      : minutes < 120
        ? `The old key worked for another ${count(minutes, { one: 'minute', other: 'minutes' })}`
        : `The old key worked for another ${count(Math.round(minutes / 60), { one: 'hour', other: 'hours' })}`,
};
