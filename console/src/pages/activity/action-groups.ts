import type { AuditAction } from '../../words/en/events.ts';

/** What can happen, as people look for it. */
export const actionGroups = {
  people: ['member.invited', 'member.updated', 'member.revoked', 'member.left'],
  invitations: [
    'invitation.accepted',
    'invitation.declined',
    'invitation.resent',
    'invitation.cancelled',
    'invitation.link_revealed',
  ],
  signIn: ['member.signed_in', 'member.passkey_added', 'member.passkey_removed', 'member.passkey_copied'],
  ownership: ['ownership.given', 'ownership.stepped_down'],
  keys: ['api_key.created', 'api_key.rotated', 'api_key.adopted', 'api_key.deleted'],
  organization: ['organization.created', 'organization.updated', 'plan.changed'],
  partner: ['partner_key.created', 'partner_key.rotated', 'partner_key.deleted'],
} as const satisfies Record<string, readonly AuditAction[]>;

export type ActionGroup = keyof typeof actionGroups;

const actions = Object.values(actionGroups).flat();

// An action that stands in no group does not compile.
true satisfies Exclude<AuditAction, (typeof actions)[number]> extends never ? true : false;

export const isAction = (value: unknown): value is AuditAction => actions.some((action) => action === value);
