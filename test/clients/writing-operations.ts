import { Inviteuser, InviteuserPrivilegesInner, UserApi, UserApiApiKeys } from 'brevo-3';
import { BrevoClient } from 'brevo-6';

/** The operations that change something, for one e-mail address, as an official client offers them. */
export interface WritingOperations {
  invite(): Promise<unknown>;
  update(): Promise<unknown>;
  resend(): Promise<unknown>;
  cancel(): Promise<unknown>;
  revoke(): Promise<unknown>;
}

export type Connect = (base: string, key: string, email: string) => WritingOperations;

/** 3.0.4: repeats nothing by itself. */
export const brevo3: Connect = (base, key, email) => {
  const user = new UserApi(base);
  user.setApiKey(UserApiApiKeys.apiKey, key);
  const { FeatureEnum: Feature, PermissionsEnum: Permission } = InviteuserPrivilegesInner;
  const request = (permission: InviteuserPrivilegesInner.PermissionsEnum): Inviteuser => {
    const privileges = [{ feature: Feature.Contacts, permissions: [permission] }];
    return Object.assign(new Inviteuser(), { email, allFeaturesAccess: false, privileges });
  };
  const body = async (answer: Promise<{ body: unknown }>): Promise<unknown> => (await answer).body;
  return {
    invite: () => body(user.inviteuser(request(Permission.View))),
    update: () => body(user.editUserPermission(request(Permission.Export))),
    resend: () => body(user.putresendcancelinvitation('resend', email)),
    cancel: () => body(user.putresendcancelinvitation('cancel', email)),
    revoke: () => body(user.putRevokeUserPermission(email)),
  };
};

/** 6.0.3: comes back by itself after 408, 429 and 5xx, up to twice, and not after a broken connection. */
export const brevo6: Connect = (base, key, email) => {
  const { user } = new BrevoClient({ apiKey: key, baseUrl: base });
  const request = (permission: 'view' | 'export') => ({
    email,
    all_features_access: false,
    privileges: [{ feature: 'contacts' as const, permissions: [permission] }],
  });
  return {
    invite: async () => user.inviteuser(request('view')),
    update: async () => user.editUserPermission(request('export')),
    resend: async () => user.putresendcancelinvitation({ action: 'resend', email }),
    cancel: async () => user.putresendcancelinvitation({ action: 'cancel', email }),
    revoke: async () => user.putRevokeUserPermission({ email }),
  };
};
