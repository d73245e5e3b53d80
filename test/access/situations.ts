import type { OperationName } from '@latchkey/core/api/index.ts';
import type { PermissionName } from '@latchkey/core/permission.ts';
import type { Grants } from '../world.ts';
import type { AnyAsked } from './preparations.ts';
import { privilegesOf, type Stage } from './stage.ts';

/** One operation about somebody or something that holds more than the least: where the grant ceiling shows. */
export interface Situation {
  words: string;
  operation: OperationName;
  prepare(stage: Stage): Promise<AnyAsked>;
}

/** Held by the administrator, not by the weaker key. */
const some: PermissionName[] = ['contacts:export'];
/** Held by neither. */
const more: PermissionName[] = ['phone:all'];

const grants: Record<string, Grants> = {
  'contacts:export': { permissions: some },
  'phone:all': { permissions: more },
  everything: { all: true },
};

const asked = ({ all = false, permissions = [] }: Grants) => ({
  all_features_access: all,
  ...(!all && { privileges: privilegesOf(permissions) }),
});

const giving: Situation[] = Object.entries(grants).flatMap(([what, given]): Situation[] => [
  {
    words: `invite with ${what}`,
    operation: 'inviteMember',
    prepare: async (stage) => ({ body: { email: stage.email('new'), ...asked(given) } }),
  },
  {
    words: `invite many with ${what}`,
    operation: 'inviteMembers',
    prepare: async (stage) => ({ body: { emails: [stage.email('new')], ...asked(given) } }),
  },
  {
    words: `give many ${what}`,
    operation: 'changeMembers',
    prepare: async (stage) => {
      const { email } = await stage.member('noor', { permissions: ['user_management:all'] });
      return { body: { emails: [email], action: 'update', ...asked(given) } };
    },
  },
  {
    words: `give ${what}`,
    operation: 'updateMemberPermissions',
    prepare: async (stage) => ({
      body: { email: (await stage.member('noor', { permissions: ['user_management:all'] })).email, ...asked(given) },
    }),
  },
  {
    words: `key with ${what}`,
    operation: 'createApiKey',
    prepare: async () => ({ body: { name: 'Reports', ...asked(given) } }),
  },
]);

const takingFromMembers: Situation[] = [
  ...Object.entries(grants),
  ['ownership', { all: true, owner: true }] as const,
].flatMap(([what, held]): Situation[] => [
  {
    words: `change who has ${what}`,
    operation: 'updateMemberPermissions',
    prepare: async (stage) => ({
      body: {
        email: (await stage.member('noor', held)).email,
        ...asked({ permissions: ['user_management:all'] }),
      },
    }),
  },
  {
    words: `suspend who has ${what}`,
    operation: 'updateMember',
    prepare: async (stage) => ({
      params: { email: (await stage.member('noor', held)).email },
      body: { suspended: true },
    }),
  },
  {
    words: `name who has ${what}`,
    operation: 'updateMember',
    prepare: async (stage) => ({
      params: { email: (await stage.member('noor', held)).email },
      body: { external_id: 'u-1815' },
    }),
  },
  {
    words: `change many who have ${what}`,
    operation: 'changeMembers',
    prepare: async (stage) => {
      const { email } = await stage.member('noor', held);
      return { body: { emails: [email], action: 'update', ...asked({ permissions: ['user_management:all'] }) } };
    },
  },
  {
    words: `revoke many with ${what}`,
    operation: 'changeMembers',
    prepare: async (stage) => ({ body: { emails: [(await stage.member('noor', held)).email], action: 'revoke' } }),
  },
  {
    words: `revoke ${what}`,
    operation: 'revokeMember',
    prepare: async (stage) => ({ params: { email: (await stage.member('noor', held)).email } }),
  },
]);

const openInvitations: Situation[] = [...Object.keys(grants), 'ownership'].flatMap((what): Situation[] => {
  const invited = async (stage: Stage): Promise<{ email: string }> => {
    if (what === 'ownership') return stage.pendingOwner('future');
    return stage.pending('future', grants[what]);
  };
  return [
    ...['resend', 'cancel'].map(
      (action): Situation => ({
        words: `${action} ${what}`,
        operation: 'resendOrCancelInvitation',
        prepare: async (stage) => ({ params: { action, email: (await invited(stage)).email } }),
      }),
    ),
    ...['resend', 'cancel'].map(
      (action): Situation => ({
        words: `${action} many with ${what}`,
        operation: 'changeMembers',
        prepare: async (stage) => ({ body: { emails: [(await invited(stage)).email], action } }),
      }),
    ),
    {
      words: `revoke open ${what}`,
      operation: 'revokeMember',
      prepare: async (stage) => ({ params: { email: (await invited(stage)).email } }),
    },
    {
      words: `copy link of ${what}`,
      operation: 'revealInvitationLink',
      prepare: async (stage) => ({ params: { email: (await invited(stage)).email } }),
    },
  ];
});

const keys: Situation[] = [
  ...Object.entries(grants).map(
    ([what, held]) => [what, (stage: Stage) => stage.key(owningMember(stage, held), shapeOf(held))] as const,
  ),
  ['ownership', (stage: Stage) => stage.key(stage.grace.id, { everything: true })] as const,
].flatMap(([what, key]): Situation[] => [
  {
    words: `rotate key with ${what}`,
    operation: 'rotateApiKey',
    prepare: async (stage) => ({ params: { id: (await key(stage)).id }, body: {} }),
  },
  {
    words: `delete key with ${what}`,
    operation: 'deleteApiKey',
    prepare: async (stage) => ({ params: { id: (await key(stage)).id } }),
  },
]);

export const situations: readonly Situation[] = [...giving, ...takingFromMembers, ...openInvitations, ...keys];

/** A key with everything that is not an owner's belongs to nobody but the partner. */
const owningMember = (stage: Stage, held: Grants): string | null => (held.all ? null : stage.grace.id);

const shapeOf = ({ all = false, permissions = [] }: Grants) => ({
  everything: all,
  permissions,
});
