// Generated from core/src/api by `npm run docs`.
import type { AtRevision, Call, CallOptions, IdempotencyKey, IfMatch } from './call.ts';
import type { OperationShape } from './operation-shape.ts';

/** What a server can refuse a request for; docs/errors.md explains each. */
export type ProblemCode =
  | 'invalid_parameter'
  | 'missing_parameter'
  | 'out_of_range'
  | 'bad_request'
  | 'duplicate_parameter'
  | 'duplicate_request'
  | 'unauthorized'
  | 'not_enough_credits'
  | 'permission_denied'
  | 'document_not_found'
  | 'method_not_allowed'
  | 'precondition_failed'
  | 'too_many_requests'
  | 'internal_error'
  | 'service_unavailable';

/** Why access is given, or why it is not. */
export type AccessReason =
  | 'granted'
  | 'all_features_access'
  | 'owner'
  | 'unknown_subject_type'
  | 'unknown_resource_type'
  | 'unknown_feature'
  | 'unknown_permission'
  | 'not_a_member'
  | 'pending'
  | 'declined'
  | 'expired'
  | 'suspended'
  | 'access_expired'
  | 'not_granted'
  | 'not_in_plan';

/** What would have to change for a refusal to become a yes. */
export type Remedy = 'plan' | 'grant' | 'invitation' | 'acceptance' | 'resumption' | 'extension';

export type MemberStatus = 'pending' | 'active' | 'declined' | 'expired';

export type Privilege = {
  feature?: string | undefined;
  permissions?: string[] | undefined;
};

export type HeldPrivilege = {
  feature: string;
  permissions: string[];
};

export type RowProblem = {
  code:
    | 'invalid_parameter'
    | 'missing_parameter'
    | 'out_of_range'
    | 'bad_request'
    | 'duplicate_parameter'
    | 'duplicate_request'
    | 'unauthorized'
    | 'not_enough_credits'
    | 'permission_denied'
    | 'document_not_found'
    | 'method_not_allowed'
    | 'precondition_failed'
    | 'too_many_requests'
    | 'internal_error'
    | 'service_unavailable';
  message: string;
  details?:
    | Array<{
        path: string;
        reason: string;
        message: string;
        suggestion?: string | undefined;
      }>
    | undefined;
};

export interface CountMembersReply {
  total: number;
  by_status: {
    active: number;
    pending: number;
    declined: number;
    expired: number;
  };
  owners: number;
}

export interface GetMeReply {
  kind: 'api_key' | 'partner_key' | 'member';
  id: string;
  name: string;
  member: {
    id: string;
    email: string;
    is_owner: boolean;
    /** The product’s own id for this person. */
    external_id: string | null;
    /** true: holds nothing until the suspension is lifted. */
    suspended: boolean;
    /** From then on the member holds nothing. */
    access_expires_at: string | null;
  } | null;
  all_features_access: boolean;
  privileges: HeldPrivilege[];
  organization: {
    id: string;
    name: string;
  };
}

export interface GetMemberPermissionsInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
  /** Machine names where absent. */
  view?: 'keys' | 'labels' | undefined;
}

export interface GetMemberPermissionsReply {
  email: string;
  status: MemberStatus;
  privileges: HeldPrivilege[];
  id: string;
  is_owner: boolean;
  all_features_access: boolean;
  not_in_plan?: HeldPrivilege[];
  version: number;
}

export interface InviteMemberInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
  /** true: every permission, now and later. Privileges then add nothing, though names in them are still checked. */
  all_features_access: boolean;
  /** Features with the permissions given in them. GET /organization/features lists both. */
  privileges?: Privilege[] | undefined;
  /** A language, with a region or without one. */
  locale?: string | undefined;
  /**
   * The product’s own id for this person: exact, and held by one member of the organization at a time. Never an
   * e-mail address: it has no `@`.
   */
  external_id?: string | undefined;
}

export interface InviteMemberReply {
  status: 'OK';
  email: string;
  all_features_access: boolean;
  /** As they were sent, for the clients that type this reply as the request. */
  privileges: Array<{
    feature?: string;
    permissions?: string[];
  }>;
  id: string;
}

export interface ListDeliveriesInput {
  /** 1 to 100. */
  limit?: number | undefined;
  /** The `cursor` of the page before. */
  cursor?: string | undefined;
  /** Only messages in this state. */
  state?: 'queued' | 'sent' | 'failed' | undefined;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email?: string | undefined;
}

export interface Delivery {
  id: string;
  kind: 'invitation';
  email: string;
  state: 'queued' | 'sent' | 'failed';
  reason: string | null;
  attempts: number;
  created_at: string;
  sent_at: string | null;
  next_attempt_at: string | null;
}

/** Which ones to go through, and how many a request brings: `pageSize`, 100 where absent. */
export interface DeliveryFilter {
  /** Only messages in this state. */
  state?: 'queued' | 'sent' | 'failed' | undefined;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email?: string | undefined;
  pageSize?: number | undefined;
}

export interface ListDeliveriesReply {
  deliveries: Delivery[];
  cursor?: string;
}

export interface ListMembersInput {
  /** 1 to 1000. */
  limit?: number | undefined;
  /** The `cursor` of the page before. */
  cursor?: string | undefined;
  /** Only those with this status. */
  status?: MemberStatus | undefined;
  /** A part of the e-mail address. */
  search?: string | undefined;
  /** Only those who hold this permission in the end. */
  permission?: string | undefined;
  /** Only those who hold any permission of this feature in the end. */
  feature?: string | undefined;
  /** By the time of the invitation or by the address; a minus turns it round. */
  sort?: 'created' | '-created' | 'email' | '-email' | undefined;
  /** What else to say of each, in pages. */
  include?:
    | 'delivery'
    | 'invitation'
    | 'features'
    | 'delivery,invitation'
    | 'delivery,features'
    | 'invitation,features'
    | 'delivery,invitation,features'
    | undefined;
}

export interface Member {
  id: string;
  email: string;
  is_owner: boolean;
  status: MemberStatus;
  feature_access: Record<string, 'owner' | 'full' | 'custom' | 'none'>;
  locale: string;
  /** The product’s own id for this person. */
  external_id: string | null;
  /** true: holds nothing until the suspension is lifted. */
  suspended: boolean;
  /** From then on the member holds nothing. */
  access_expires_at: string | null;
  /** With `include`: the newest message of their invitation. */
  delivery?: {
    state: 'queued' | 'sent' | 'failed';
    reason: string | null;
    created_at: string;
    sent_at: string | null;
  } | null;
  /** With `include`: their invitation, while it is not accepted. */
  invitation?: {
    expires_at: string;
  } | null;
  /**
   * With `include`: each feature of which they may do anything in the end, those of no area as well, and whether
   * that is all that the plan has of it (`full`) or some (`custom`).
   */
  features?: Record<string, 'owner' | 'full' | 'custom'>;
}

/** Which ones to go through, and how many a request brings: `pageSize`, 100 where absent. */
export interface MemberFilter {
  /** Only those with this status. */
  status?: MemberStatus | undefined;
  /** A part of the e-mail address. */
  search?: string | undefined;
  /** Only those who hold this permission in the end. */
  permission?: string | undefined;
  /** Only those who hold any permission of this feature in the end. */
  feature?: string | undefined;
  /** By the time of the invitation or by the address; a minus turns it round. */
  sort?: 'created' | '-created' | 'email' | '-email' | undefined;
  /** What else to say of each, in pages. */
  include?:
    | 'delivery'
    | 'invitation'
    | 'features'
    | 'delivery,invitation'
    | 'delivery,features'
    | 'invitation,features'
    | 'delivery,invitation,features'
    | undefined;
  pageSize?: number | undefined;
}

export interface ListMembersReply {
  users: Member[];
  cursor?: string;
}

export interface ResendOrCancelInvitationInput {
  /** `resend` or `cancel`. */
  action: string;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
}

export interface ResendOrCancelInvitationReply {
  status: 'OK';
  email: string;
}

export interface RevealInvitationLinkInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
}

export interface RevealInvitationLinkReply {
  status: 'OK';
  email: string;
  link: string;
  expires_at: string;
}

export interface RevokeMemberInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
}

export interface RevokeMemberReply {
  status: 'OK';
  email: string;
}

export interface UpdateMemberInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
  /** null takes it away. */
  external_id?: string | null | undefined;
  /** true: holds nothing until it is taken back. */
  suspended?: boolean | undefined;
  /** A moment in the future; null for no end. */
  access_expires_at?: string | null | undefined;
}

export interface UpdateMemberReply {
  status: 'OK';
  id: string;
  email: string;
  /** The product’s own id for this person. */
  external_id: string | null;
  /** true: holds nothing until the suspension is lifted. */
  suspended: boolean;
  /** From then on the member holds nothing. */
  access_expires_at: string | null;
  version: number;
}

export interface UpdateMemberPermissionsInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
  /** true: every permission, now and later. Privileges then add nothing, though names in them are still checked. */
  all_features_access: boolean;
  /** Features with the permissions given in them. GET /organization/features lists both. */
  privileges?: Privilege[] | undefined;
}

export interface UpdateMemberPermissionsReply {
  status: 'OK';
  email: string;
  all_features_access: boolean;
  /** As they were sent, for the clients that type this reply as the request. */
  privileges: Array<{
    feature?: string;
    permissions?: string[];
  }>;
}

export interface ChangeMembersInput {
  /** One row each. An address that stands there twice, however it is written, counts the first time. */
  emails: string[];
  /** What is done to each. */
  action: 'resend' | 'cancel' | 'revoke' | 'update';
  /** true: every permission, now and later. Privileges then add nothing, though names in them are still checked. */
  all_features_access?: boolean | undefined;
  /** Features with the permissions given in them. GET /organization/features lists both. */
  privileges?: Privilege[] | undefined;
  /** true: answers what would happen, by doing it and taking it back; nothing is changed, sent or recorded. */
  dry_run?: boolean | undefined;
}

export interface ChangeMembersReply {
  dry_run: boolean;
  done: number;
  unchanged: number;
  refused: number;
  results: Array<{
    /** As it was sent. */
    email: string;
    outcome: 'done' | 'unchanged' | 'refused';
    /**
     * Of an `update`: the permissions that the member has afterwards and had not before, and `all_features_access`
     * likewise.
     */
    gains?: string[];
    /** Likewise what they had before. */
    loses?: string[];
    error?: RowProblem;
  }>;
}

export interface InviteMembersInput {
  /** One row each. An address that stands there twice, however it is written, counts the first time. */
  emails: string[];
  /** true: every permission, now and later. Privileges then add nothing, though names in them are still checked. */
  all_features_access: boolean;
  /** Features with the permissions given in them. GET /organization/features lists both. */
  privileges?: Privilege[] | undefined;
  /** A language, with a region or without one. */
  locale?: string | undefined;
  /** true: answers what would happen, by doing it and taking it back; nothing is changed, sent or recorded. */
  dry_run?: boolean | undefined;
}

export interface InviteMembersReply {
  dry_run: boolean;
  invited: number;
  unchanged: number;
  refused: number;
  results: Array<{
    /** As it was sent. */
    email: string;
    outcome: 'invited' | 'unchanged' | 'refused';
    id?: string;
    error?: RowProblem;
  }>;
}

export interface AcceptInvitationInput {
  /** What follows the # in the invitation’s link. */
  token: string;
  /** true: sign in as well, where a page of ours asks. */
  sign_in?: boolean | undefined;
}

export interface AcceptInvitationReply {
  status: 'OK';
  state: 'joined';
  email: string;
  organization: {
    name: string;
  };
  /** The organization’s own address, to go on to. */
  redirect_url: string | null;
  /**
   * Whether the browser that this answers is signed in as the member: by the session that the acceptance begins,
   * or in the one it has. A repetition begins none and says false, also with an Idempotency-Key.
   */
  signed_in: boolean;
}

export interface DeclineInvitationInput {
  /** What follows the # in the invitation’s link. */
  token: string;
}

export interface DeclineInvitationReply {
  status: 'OK';
  state: 'declined';
  email: string;
  organization: {
    name: string;
  };
}

export interface InspectInvitationInput {
  /** What follows the # in the invitation’s link. */
  token: string;
}

export interface InspectInvitationReply {
  state: 'pending' | 'joined' | 'declined' | 'expired' | 'cancelled' | 'replaced';
  email: string;
  organization: {
    name: string;
  };
  inviter: {
    name: string;
  };
  /** A language, with a region or without one. */
  locale: string;
  expires_at: string;
  /** What is given, in words of the invitation’s language. */
  access?: {
    owner: boolean;
    all_features_access: boolean;
    features: Array<{
      feature: string;
      label: string;
      permissions: Array<{
        permission: string;
        label: string;
      }>;
    }>;
  };
  /** The organization’s own address, to go on to. */
  redirect_url: string | null;
}

export interface GiveOwnershipInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
}

export interface GiveOwnershipReply {
  status: 'OK';
  email: string;
}

export interface LeaveOrganizationReply {
  status: 'OK';
  email: string;
}

export interface StepDownReply {
  status: 'OK';
  email: string;
}

export interface AdoptApiKeyInput {
  /** The id of the key. */
  id: string;
}

export interface AdoptApiKeyReply {
  status: 'OK';
  id: string;
}

export interface CreateApiKeyInput {
  /** What the key is for, as people will read it in the list and the audit log. */
  name: string;
  /** true: every permission, now and later. Privileges then add nothing, though names in them are still checked. */
  all_features_access: boolean;
  /** Features with the permissions given in them. GET /organization/features lists both. */
  privileges?: Privilege[] | undefined;
  /** From then on the key is refused; null for never. */
  expires_at?: string | null | undefined;
  /** Addresses and CIDR ranges, v4 or v6, from which the key may be used; empty for anywhere. */
  allowed_ips?: string[] | undefined;
}

export interface CreateApiKeyReply {
  id: string;
  /** The key itself, shown this once. */
  key: string;
  name: string;
  expires_at: string | null;
}

export interface CreatePartnerKeyInput {
  /** What the key is for, as people will read it in the list and the audit log. */
  name: string;
  /** From then on the key is refused; null for never. */
  expires_at?: string | null | undefined;
  /** Addresses and CIDR ranges, v4 or v6, from which the key may be used; empty for anywhere. */
  allowed_ips?: string[] | undefined;
}

export interface CreatePartnerKeyReply {
  id: string;
  /** The key itself, shown this once. */
  key: string;
  name: string;
  expires_at: string | null;
}

export interface DeleteApiKeyInput {
  /** The id of the key. */
  id: string;
}

export interface DeleteApiKeyReply {
  status: 'OK';
  id: string;
}

export interface DeletePartnerKeyInput {
  /** The id of the key. */
  id: string;
}

export interface DeletePartnerKeyReply {
  status: 'OK';
  id: string;
}

export interface ListApiKeysReply {
  api_keys: Array<{
    id: string;
    name: string;
    /** The last characters of the key, to tell keys apart. */
    hint: string;
    expires_at: string | null;
    allowed_ips: string[];
    created_at: string;
    /** Noted within a minute of the use. */
    last_used_at: string | null;
    all_features_access: boolean;
    privileges: HeldPrivilege[];
    /** To whom the key belongs; null for a partner’s. */
    member: {
      id: string;
      email: string;
    } | null;
    /**
     * true: it acts within what its member holds now. false: made or adopted by an owner or a partner, it stands by
     * itself.
     */
    bound: boolean;
  }>;
}

export interface ListPartnerKeysReply {
  partner_keys: Array<{
    id: string;
    name: string;
    /** The last characters of the key, to tell keys apart. */
    hint: string;
    expires_at: string | null;
    allowed_ips: string[];
    created_at: string;
    /** Noted within a minute of the use. */
    last_used_at: string | null;
  }>;
}

export interface RotateApiKeyInput {
  /** The id of the key. */
  id: string;
  /** Seconds for which the old secret stays valid beside the new one; at most a week. 86400 where absent. */
  overlap_seconds?: number | undefined;
}

export interface RotateApiKeyReply {
  id: string;
  /** The key itself, shown this once. */
  key: string;
  old_key_valid_until: string;
}

export interface RotatePartnerKeyInput {
  /** The id of the key. */
  id: string;
  /** Seconds for which the old secret stays valid beside the new one; at most a week. 86400 where absent. */
  overlap_seconds?: number | undefined;
}

export interface RotatePartnerKeyReply {
  id: string;
  /** The key itself, shown this once. */
  key: string;
  old_key_valid_until: string;
}

export interface DescribeDecisionPointReply {
  policy_decision_point: string;
  access_evaluation_endpoint: string;
  access_evaluations_endpoint: string;
  search_subject_endpoint: string;
  search_resource_endpoint: string;
  search_action_endpoint: string;
}

export interface EvaluateInput {
  subject: {
    /** `user`: a member. */
    type: string;
    /** A member’s e-mail address, id or external id. */
    id: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  action: {
    /** A permission of the feature, or an alias. */
    name: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  resource: {
    /** The catalogue’s `resource_type`; `feature` in the built-in one. */
    type: string;
    /** A feature. */
    id: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  /** Taken and passed over. */
  context?: Record<string, unknown> | undefined;
}

export interface EvaluateReply {
  decision: boolean;
  context?: {
    /**
     * granted, all_features_access, owner; or unknown_subject_type, unknown_resource_type, unknown_feature,
     * unknown_permission, not_a_member, pending, declined, expired, suspended, access_expired, not_granted,
     * not_in_plan.
     */
    reason?: string;
    message?: string;
    /** What would have to change for a yes. */
    needs?: Array<'plan' | 'grant' | 'invitation' | 'acceptance' | 'resumption' | 'extension'>;
    error?: {
      status: number;
      message: string;
    };
  };
}

export interface EvaluateManyInput {
  subject?:
    | {
        /** `user`: a member. */
        type: string;
        /** A member’s e-mail address, id or external id. */
        id: string;
        /** Taken and passed over: access is decided by what is stored. */
        properties?: Record<string, unknown> | undefined;
      }
    | undefined;
  action?:
    | {
        /** A permission of the feature, or an alias. */
        name: string;
        /** Taken and passed over: access is decided by what is stored. */
        properties?: Record<string, unknown> | undefined;
      }
    | undefined;
  resource?:
    | {
        /** The catalogue’s `resource_type`; `feature` in the built-in one. */
        type: string;
        /** A feature. */
        id: string;
        /** Taken and passed over: access is decided by what is stored. */
        properties?: Record<string, unknown> | undefined;
      }
    | undefined;
  /** Taken and passed over. */
  context?: Record<string, unknown> | undefined;
  /** Each says what differs from the defaults at the top. */
  evaluations?:
    | Array<{
        subject?:
          | {
              /** `user`: a member. */
              type: string;
              /** A member’s e-mail address, id or external id. */
              id: string;
              /** Taken and passed over: access is decided by what is stored. */
              properties?: Record<string, unknown> | undefined;
            }
          | undefined;
        action?:
          | {
              /** A permission of the feature, or an alias. */
              name: string;
              /** Taken and passed over: access is decided by what is stored. */
              properties?: Record<string, unknown> | undefined;
            }
          | undefined;
        resource?:
          | {
              /** The catalogue’s `resource_type`; `feature` in the built-in one. */
              type: string;
              /** A feature. */
              id: string;
              /** Taken and passed over: access is decided by what is stored. */
              properties?: Record<string, unknown> | undefined;
            }
          | undefined;
        /** Taken and passed over. */
        context?: Record<string, unknown> | undefined;
      }>
    | undefined;
  /** How far to go on; `execute_all` where absent. */
  options?:
    | {
        evaluations_semantic?: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit' | undefined;
      }
    | undefined;
}

export interface EvaluateManyReply {
  decision?: boolean;
  context?: {
    /**
     * granted, all_features_access, owner; or unknown_subject_type, unknown_resource_type, unknown_feature,
     * unknown_permission, not_a_member, pending, declined, expired, suspended, access_expired, not_granted,
     * not_in_plan.
     */
    reason?: string;
    message?: string;
    /** What would have to change for a yes. */
    needs?: Array<'plan' | 'grant' | 'invitation' | 'acceptance' | 'resumption' | 'extension'>;
    error?: {
      status: number;
      message: string;
    };
  };
  evaluations?: Array<{
    decision: boolean;
    context?: {
      /**
       * granted, all_features_access, owner; or unknown_subject_type, unknown_resource_type, unknown_feature,
       * unknown_permission, not_a_member, pending, declined, expired, suspended, access_expired, not_granted,
       * not_in_plan.
       */
      reason?: string;
      message?: string;
      /** What would have to change for a yes. */
      needs?: Array<'plan' | 'grant' | 'invitation' | 'acceptance' | 'resumption' | 'extension'>;
      error?: {
        status: number;
        message: string;
      };
    };
  }>;
}

export interface GetAccessRevisionReply {
  revision: number;
  /** How many milliseconds old the node’s knowledge was at most. */
  age_ms: number;
  /** Another one after the database was restarted or replaced: begin anew, since commits may be gone. */
  epoch: string;
  /** The fingerprint of the vocabulary the bits belong to. */
  vocabulary: string;
  /** The database’s clock, in milliseconds since 1970. */
  now: number;
}

export interface GetAccessVocabularyReply {
  fingerprint: string;
  resource_type: string;
  permissions: Record<string, Record<string, number>>;
  aliases: Record<string, Record<string, number[]>>;
}

export interface GetSigningKeysReply {
  keys: Array<{
    kty: string;
    crv: string;
    x: string;
    y: string;
    kid: string;
    alg: string;
    use: string;
  }>;
}

export interface IssueAccessTokenInput {
  /** E-mail address, id or external id. */
  member: string;
  /** Who is to accept the token; verifiers insist on it. */
  audience: string;
  /** Seconds; 60 where absent. */
  ttl?: number | undefined;
}

export interface IssueAccessTokenReply {
  token: string;
  expires_at: string;
  revision: number;
}

export interface SearchActionsInput {
  subject: {
    /** `user`: a member. */
    type: string;
    /** A member’s e-mail address, id or external id. */
    id: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  resource: {
    /** The catalogue’s `resource_type`; `feature` in the built-in one. */
    type: string;
    /** A feature. */
    id: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  /** Taken and passed over. */
  context?: Record<string, unknown> | undefined;
  page?:
    | {
        /** The `next_token` of the page before. */
        token?: string | undefined;
        /** At most 1,000 are answered at once. */
        limit?: number | undefined;
      }
    | undefined;
}

export interface SearchActionsReply {
  page: {
    next_token: string;
    count: number;
  };
  results: Array<{
    name: string;
  }>;
}

export interface SearchResourcesInput {
  subject: {
    /** `user`: a member. */
    type: string;
    /** A member’s e-mail address, id or external id. */
    id: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  action: {
    /** A permission of the feature, or an alias. */
    name: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  resource: {
    /** The catalogue’s `resource_type`; `feature` in the built-in one. */
    type: string;
  };
  /** Taken and passed over. */
  context?: Record<string, unknown> | undefined;
  page?:
    | {
        /** The `next_token` of the page before. */
        token?: string | undefined;
        /** At most 1,000 are answered at once. */
        limit?: number | undefined;
      }
    | undefined;
}

export interface SearchResourcesReply {
  page: {
    next_token: string;
    count: number;
  };
  results: Array<{
    type: string;
    id: string;
  }>;
}

export interface SearchSubjectsInput {
  subject: {
    /** `user`: a member. */
    type: string;
  };
  action: {
    /** A permission of the feature, or an alias. */
    name: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  resource: {
    /** The catalogue’s `resource_type`; `feature` in the built-in one. */
    type: string;
    /** A feature. */
    id: string;
    /** Taken and passed over: access is decided by what is stored. */
    properties?: Record<string, unknown> | undefined;
  };
  /** Taken and passed over. */
  context?: Record<string, unknown> | undefined;
  page?:
    | {
        /** The `next_token` of the page before. */
        token?: string | undefined;
        /** At most 1,000 are answered at once. */
        limit?: number | undefined;
      }
    | undefined;
}

export interface SearchSubjectsReply {
  page: {
    next_token: string;
    count: number;
  };
  results: Array<{
    type: string;
    id: string;
  }>;
}

export interface GetAccountReply {
  organization_id: string;
  companyName: string;
  /** The member to whom the key belongs. */
  email: string | null;
  plan: Array<{
    type: string;
    label: string;
  }>;
  seats: {
    used: number;
    limit: number | null;
  };
  locale: string;
  redirect_url: string | null;
  access_revision: number;
}

export interface ListActivitiesInput {
  /** From this day (YYYY-MM-DD, UTC) or moment on. */
  startDate?: string | undefined;
  /** Up to and including this day, or before this moment. */
  endDate?: string | undefined;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email?: string | undefined;
  /**
   * Only what this one did: the id of a member or a key, as `actor.id` has it, or the address of a member, whose
   * keys are they too.
   */
  actor?: string | undefined;
  /** Only this action. */
  action?:
    | 'organization.created'
    | 'organization.updated'
    | 'plan.changed'
    | 'member.invited'
    | 'member.updated'
    | 'member.revoked'
    | 'member.left'
    | 'member.signed_in'
    | 'member.passkey_added'
    | 'member.passkey_removed'
    | 'member.passkey_copied'
    | 'invitation.resent'
    | 'invitation.cancelled'
    | 'invitation.accepted'
    | 'invitation.declined'
    | 'invitation.link_revealed'
    | 'ownership.given'
    | 'ownership.stepped_down'
    | 'api_key.created'
    | 'api_key.rotated'
    | 'api_key.adopted'
    | 'api_key.deleted'
    | 'partner_key.created'
    | 'partner_key.rotated'
    | 'partner_key.deleted'
    | undefined;
  /** Only what was done, or only attempts that were refused. */
  outcome?: 'done' | 'refused' | undefined;
  /** 1 to 100. */
  limit?: number | undefined;
  /** Rows to skip; a cursor is faster. */
  offset?: number | undefined;
  /** The `cursor` of the page before. */
  cursor?: string | undefined;
}

export interface Activity {
  id: string;
  action: string;
  outcome: 'done' | 'refused';
  date: string;
  actor: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  target: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  /** The person it was done to. */
  user_email: string | null;
  user_ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  details: Record<string, unknown>;
}

/** Which ones to go through, and how many a request brings: `pageSize`, 100 where absent. */
export interface ActivityFilter {
  /** From this day (YYYY-MM-DD, UTC) or moment on. */
  startDate?: string | undefined;
  /** Up to and including this day, or before this moment. */
  endDate?: string | undefined;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email?: string | undefined;
  /**
   * Only what this one did: the id of a member or a key, as `actor.id` has it, or the address of a member, whose
   * keys are they too.
   */
  actor?: string | undefined;
  /** Only this action. */
  action?:
    | 'organization.created'
    | 'organization.updated'
    | 'plan.changed'
    | 'member.invited'
    | 'member.updated'
    | 'member.revoked'
    | 'member.left'
    | 'member.signed_in'
    | 'member.passkey_added'
    | 'member.passkey_removed'
    | 'member.passkey_copied'
    | 'invitation.resent'
    | 'invitation.cancelled'
    | 'invitation.accepted'
    | 'invitation.declined'
    | 'invitation.link_revealed'
    | 'ownership.given'
    | 'ownership.stepped_down'
    | 'api_key.created'
    | 'api_key.rotated'
    | 'api_key.adopted'
    | 'api_key.deleted'
    | 'partner_key.created'
    | 'partner_key.rotated'
    | 'partner_key.deleted'
    | undefined;
  /** Only what was done, or only attempts that were refused. */
  outcome?: 'done' | 'refused' | undefined;
  pageSize?: number | undefined;
}

export interface ListActivitiesReply {
  logs: Activity[];
  cursor?: string;
}

export interface ListFeaturesInput {
  /** A language, with a region or without one. */
  locale?: string | undefined;
}

export interface ListFeaturesReply {
  catalogue: {
    name: string;
    fingerprint: string;
  };
  plan: {
    name: string;
    label: string;
    seats: number | null;
  };
  /** The permissions that administer Latchkey itself, as `feature:permission`. */
  administration: {
    members: string;
    api_keys: string;
    activities: string;
    access_checks: string;
  };
  areas: Array<{
    area: string;
    label: string;
  }>;
  features: Array<{
    feature: string;
    label: string;
    area: string | null;
    deprecated: boolean;
    permissions: Array<{
      permission: string;
      label: string;
      in_plan: boolean;
    }>;
  }>;
  /** Other names that are accepted, and what they stand for. */
  aliases: Record<string, HeldPrivilege[]>;
}

export interface UpdateOrganizationInput {
  /** As people read it in mails and on the join page. */
  name?: string | undefined;
  /** A language, with a region or without one. */
  locale?: string | undefined;
  /** Where people go after joining: https, or http on localhost; null for nowhere. */
  redirect_url?: string | null | undefined;
}

export interface UpdateOrganizationReply {
  status: 'OK';
  name: string;
  locale: string;
  redirect_url: string | null;
}

export interface ChangeSubAccountPlanInput {
  /** The id of the organization. */
  id: string;
  /** A plan of the catalogue. */
  plan: string;
  /** Overrides the plan’s number of seats; null for the plan’s own. */
  seats?: number | null | undefined;
}

export interface ChangeSubAccountPlanReply {
  status: 'OK';
  plan: string;
  seats: number | null;
}

export interface CreateSubAccountInput {
  /** The organization’s name. */
  companyName: string;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
  /** A plan of the catalogue. */
  plan?: string | undefined;
  /** Overrides the plan’s number of seats; null for the plan’s own. */
  seats?: number | null | undefined;
  /** A language, with a region or without one. */
  locale?: string | undefined;
}

export interface CreateSubAccountReply {
  id: string;
}

export interface CreateSubAccountKeyInput {
  /** The id of the organization. */
  id: string;
  /** What the key is for. */
  name: string;
}

export interface CreateSubAccountKeyReply {
  key: string;
  status: 'success';
  id: string;
}

export interface ListPartnerActivitiesInput {
  /** From this day (YYYY-MM-DD, UTC) or moment on. */
  startDate?: string | undefined;
  /** Up to and including this day, or before this moment. */
  endDate?: string | undefined;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email?: string | undefined;
  /**
   * Only what this one did: the id of a member or a key, as `actor.id` has it, or the address of a member, whose
   * keys are they too.
   */
  actor?: string | undefined;
  /** Only this action. */
  action?:
    | 'organization.created'
    | 'organization.updated'
    | 'plan.changed'
    | 'member.invited'
    | 'member.updated'
    | 'member.revoked'
    | 'member.left'
    | 'member.signed_in'
    | 'member.passkey_added'
    | 'member.passkey_removed'
    | 'member.passkey_copied'
    | 'invitation.resent'
    | 'invitation.cancelled'
    | 'invitation.accepted'
    | 'invitation.declined'
    | 'invitation.link_revealed'
    | 'ownership.given'
    | 'ownership.stepped_down'
    | 'api_key.created'
    | 'api_key.rotated'
    | 'api_key.adopted'
    | 'api_key.deleted'
    | 'partner_key.created'
    | 'partner_key.rotated'
    | 'partner_key.deleted'
    | undefined;
  /** Only what was done, or only attempts that were refused. */
  outcome?: 'done' | 'refused' | undefined;
  /** 1 to 100. */
  limit?: number | undefined;
  /** Rows to skip; a cursor is faster. */
  offset?: number | undefined;
  /** The `cursor` of the page before. */
  cursor?: string | undefined;
}

export interface PartnerActivity {
  id: string;
  action: string;
  outcome: 'done' | 'refused';
  date: string;
  actor: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  target: {
    kind: string;
    id: string | null;
    name: string | null;
  };
  /** The person it was done to. */
  user_email: string | null;
  user_ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  details: Record<string, unknown>;
}

/** Which ones to go through, and how many a request brings: `pageSize`, 100 where absent. */
export interface PartnerActivityFilter {
  /** From this day (YYYY-MM-DD, UTC) or moment on. */
  startDate?: string | undefined;
  /** Up to and including this day, or before this moment. */
  endDate?: string | undefined;
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email?: string | undefined;
  /**
   * Only what this one did: the id of a member or a key, as `actor.id` has it, or the address of a member, whose
   * keys are they too.
   */
  actor?: string | undefined;
  /** Only this action. */
  action?:
    | 'organization.created'
    | 'organization.updated'
    | 'plan.changed'
    | 'member.invited'
    | 'member.updated'
    | 'member.revoked'
    | 'member.left'
    | 'member.signed_in'
    | 'member.passkey_added'
    | 'member.passkey_removed'
    | 'member.passkey_copied'
    | 'invitation.resent'
    | 'invitation.cancelled'
    | 'invitation.accepted'
    | 'invitation.declined'
    | 'invitation.link_revealed'
    | 'ownership.given'
    | 'ownership.stepped_down'
    | 'api_key.created'
    | 'api_key.rotated'
    | 'api_key.adopted'
    | 'api_key.deleted'
    | 'partner_key.created'
    | 'partner_key.rotated'
    | 'partner_key.deleted'
    | undefined;
  /** Only what was done, or only attempts that were refused. */
  outcome?: 'done' | 'refused' | undefined;
  pageSize?: number | undefined;
}

export interface ListPartnerActivitiesReply {
  logs: PartnerActivity[];
  cursor?: string;
}

export interface AddPasskeyInput {
  /** To tell it from others: the device, for one. */
  name: string;
  /** What the browser answered. */
  response: Record<string, unknown>;
}

export interface AddPasskeyReply {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
  /** Whether it is kept by more than one device. */
  backed_up: boolean;
}

export interface BeginPasskeyReply {
  /** For `navigator.credentials.create`. */
  options: Record<string, unknown>;
}

export interface BeginPasskeySignInReply {
  /** For `navigator.credentials.get`. */
  options: Record<string, unknown>;
}

export interface DescribeSignInReply {
  mailed_links: boolean;
  passkeys: boolean;
}

export interface EndSessionInput {
  /** The id of the session. */
  id: string;
}

export interface EndSessionReply {
  status: 'OK';
}

export interface GetSessionReply {
  id: string;
  email: string;
  method: 'mailed_link' | 'operator_link' | 'invitation' | 'passkey';
  signed_in_at: string;
  expires_at: string;
  organizations: Array<{
    id: string;
    name: string;
    member_id: string;
    email: string;
    is_owner: boolean;
  }>;
}

export interface InspectSignInInput {
  /** What follows the # in the sign-in link. */
  token: string;
}

export interface InspectSignInReply {
  state: 'open' | 'used' | 'expired';
  email: string;
  expires_at: string;
}

export interface ListPasskeysReply {
  passkeys: Array<{
    id: string;
    name: string;
    created_at: string;
    last_used_at: string | null;
    /** Whether it is kept by more than one device. */
    backed_up: boolean;
  }>;
}

export interface ListSessionsReply {
  sessions: Array<{
    id: string;
    current: boolean;
    method: 'mailed_link' | 'operator_link' | 'invitation' | 'passkey';
    user_agent: string | null;
    ip: string;
    signed_in_at: string;
    last_used_at: string;
    expires_at: string;
  }>;
}

export interface RemovePasskeyInput {
  /** The id of the passkey. */
  id: string;
}

export interface RemovePasskeyReply {
  status: 'OK';
}

export interface RequestSignInInput {
  /** An e-mail address. Case and Unicode form do not matter; `+` stays. */
  email: string;
  /** A language, with a region or without one. */
  locale?: string | undefined;
}

export interface RequestSignInReply {
  status: 'OK';
}

export interface SignInInput {
  /** What follows the # in the sign-in link. */
  token: string;
}

export interface SignInReply {
  status: 'OK';
  /** Who is signed in. */
  email: string;
  expires_at: string;
}

export interface SignInWithPasskeyInput {
  /** What the browser answered. */
  response: Record<string, unknown>;
}

export interface SignInWithPasskeyReply {
  status: 'OK';
  /** Who is signed in. */
  email: string;
  expires_at: string;
}

export interface SignOutReply {
  status: 'OK';
}

/** Every operation as data: where it is, and where the parts of its input go. */
export const operations = {
  countMembers: { method: 'GET', path: '/v3/organization/users/count' },
  getMe: { method: 'GET', path: '/v3/organization/me' },
  getMemberPermissions: { method: 'GET', path: '/v3/organization/user/{email}/permissions', query: ['view'] },
  inviteMember: { method: 'POST', path: '/v3/organization/user/invitation/send', body: true, once: true },
  listDeliveries: {
    method: 'GET',
    path: '/v3/organization/deliveries',
    query: ['limit', 'cursor', 'state', 'email'],
    list: 'deliveries',
  },
  listMembers: {
    method: 'GET',
    path: '/v3/organization/invited/users',
    query: ['limit', 'cursor', 'status', 'search', 'permission', 'feature', 'sort', 'include'],
    list: 'users',
  },
  resendOrCancelInvitation: { method: 'PUT', path: '/v3/organization/user/invitation/{action}/{email}' },
  revealInvitationLink: { method: 'POST', path: '/v3/organization/user/invitation/link/{email}', once: true },
  revokeMember: { method: 'PUT', path: '/v3/organization/user/invitation/revoke/{email}' },
  updateMember: { method: 'PUT', path: '/v3/organization/user/{email}', body: true, conditional: true },
  updateMemberPermissions: {
    method: 'POST',
    path: '/v3/organization/user/update/permissions',
    body: true,
    once: true,
    conditional: true,
  },
  changeMembers: { method: 'POST', path: '/v3/organization/users/bulk', body: true, once: true },
  inviteMembers: { method: 'POST', path: '/v3/organization/user/invitation/send/bulk', body: true, once: true },
  acceptInvitation: { method: 'POST', path: '/v3/organization/user/invitation/accept', body: true, once: true },
  declineInvitation: { method: 'POST', path: '/v3/organization/user/invitation/decline', body: true, once: true },
  inspectInvitation: { method: 'POST', path: '/v3/organization/user/invitation/inspect', body: true, once: true },
  giveOwnership: { method: 'POST', path: '/v3/organization/ownership/give', body: true, once: true },
  leaveOrganization: { method: 'POST', path: '/v3/organization/leave', once: true },
  stepDown: { method: 'POST', path: '/v3/organization/ownership/step-down', once: true },
  adoptApiKey: { method: 'POST', path: '/v3/organization/api-keys/{id}/adopt', once: true },
  createApiKey: { method: 'POST', path: '/v3/organization/api-keys', body: true, once: true },
  createPartnerKey: { method: 'POST', path: '/v3/corporate/partner-keys', body: true, once: true },
  deleteApiKey: { method: 'DELETE', path: '/v3/organization/api-keys/{id}' },
  deletePartnerKey: { method: 'DELETE', path: '/v3/corporate/partner-keys/{id}' },
  listApiKeys: { method: 'GET', path: '/v3/organization/api-keys' },
  listPartnerKeys: { method: 'GET', path: '/v3/corporate/partner-keys' },
  rotateApiKey: { method: 'POST', path: '/v3/organization/api-keys/{id}/rotate', body: true, once: true },
  rotatePartnerKey: { method: 'POST', path: '/v3/corporate/partner-keys/{id}/rotate', body: true, once: true },
  describeDecisionPoint: { method: 'GET', path: '/.well-known/authzen-configuration' },
  evaluate: { method: 'POST', path: '/access/v1/evaluation', body: true },
  evaluateMany: { method: 'POST', path: '/access/v1/evaluations', body: true },
  getAccessRevision: { method: 'GET', path: '/v3/access/revision' },
  getAccessVocabulary: { method: 'GET', path: '/v3/access/vocabulary' },
  getSigningKeys: { method: 'GET', path: '/v3/access/jwks' },
  issueAccessToken: { method: 'POST', path: '/v3/access/token', body: true, once: true },
  searchActions: { method: 'POST', path: '/access/v1/search/action', body: true },
  searchResources: { method: 'POST', path: '/access/v1/search/resource', body: true },
  searchSubjects: { method: 'POST', path: '/access/v1/search/subject', body: true },
  getAccount: { method: 'GET', path: '/v3/account' },
  listActivities: {
    method: 'GET',
    path: '/v3/organization/activities',
    query: ['startDate', 'endDate', 'email', 'actor', 'action', 'outcome', 'limit', 'offset', 'cursor'],
    list: 'logs',
  },
  listFeatures: { method: 'GET', path: '/v3/organization/features', query: ['locale'] },
  updateOrganization: { method: 'PUT', path: '/v3/organization', body: true },
  changeSubAccountPlan: { method: 'PUT', path: '/v3/corporate/subAccount/{id}/plan', body: true },
  createSubAccount: { method: 'POST', path: '/v3/corporate/subAccount', body: true, once: true },
  createSubAccountKey: { method: 'POST', path: '/v3/corporate/subAccount/key', body: true, once: true },
  listPartnerActivities: {
    method: 'GET',
    path: '/v3/corporate/activities',
    query: ['startDate', 'endDate', 'email', 'actor', 'action', 'outcome', 'limit', 'offset', 'cursor'],
    list: 'logs',
  },
  addPasskey: { method: 'POST', path: '/v3/passkeys', body: true, once: true },
  beginPasskey: { method: 'POST', path: '/v3/passkeys/options', once: true },
  beginPasskeySignIn: { method: 'POST', path: '/v3/sign-in/passkey/options', once: true },
  describeSignIn: { method: 'GET', path: '/v3/sign-in' },
  endSession: { method: 'DELETE', path: '/v3/sessions/{id}' },
  getSession: { method: 'GET', path: '/v3/session' },
  inspectSignIn: { method: 'POST', path: '/v3/sign-in/inspect', body: true, once: true },
  listPasskeys: { method: 'GET', path: '/v3/passkeys' },
  listSessions: { method: 'GET', path: '/v3/sessions' },
  removePasskey: { method: 'DELETE', path: '/v3/passkeys/{id}' },
  requestSignIn: { method: 'POST', path: '/v3/sign-in/request', body: true, once: true },
  signIn: { method: 'POST', path: '/v3/sign-in', body: true, once: true },
  signInWithPasskey: { method: 'POST', path: '/v3/sign-in/passkey', body: true, once: true },
  signOut: { method: 'DELETE', path: '/v3/session' },
} as const satisfies Record<string, OperationShape>;

export type OperationName = keyof typeof operations;

/** The operations as methods. What a method takes and gives is the contract’s, in one flat object each. */
export abstract class Operations {
  protected abstract send<Reply>(operation: OperationName, input?: object, options?: CallOptions): Call<Reply>;
  protected abstract iterate<Item>(
    operation: OperationName,
    input?: object,
    options?: CallOptions,
  ): AsyncGenerator<Item, void>;

  /**
   * How many members there are.
   *
   * Altogether and of each status, and how many of them are owners, joined or invited to be.
   */
  countMembers(options?: CallOptions): Call<CountMembersReply> {
    return this.send('countMembers', undefined, options);
  }

  /**
   * What this key may do.
   *
   * The credential, the member it belongs to, and what both come to in the end.
   */
  getMe(options?: CallOptions): Call<GetMeReply> {
    return this.send('getMe', undefined, options);
  }

  /**
   * Read what a member may do.
   *
   * What the member was given, in machine names, so that it can be written back; `not_in_plan` names what the plan
   * masks of it. `?view=labels` gives the human form, with `None` for features without access. The `ETag` carries
   * the member’s version for `If-Match`.
   */
  getMemberPermissions(input: GetMemberPermissionsInput, options?: CallOptions): Call<GetMemberPermissionsReply> {
    return this.send('getMemberPermissions', input, options);
  }

  /**
   * Invite a person.
   *
   * Makes a pending member with the permissions chosen and sends the invitation by e-mail. The same request for
   * somebody still pending is a retry: it answers the same and sends nothing more. After `declined` or `expired`
   * it is a new invitation.
   */
  inviteMember(input: InviteMemberInput, options?: CallOptions & IdempotencyKey): Call<InviteMemberReply> {
    return this.send('inviteMember', input, options);
  }

  /**
   * The fate of each message.
   *
   * Newest first: queued, sent or failed, and why. Never a link.
   */
  listDeliveries(input?: ListDeliveriesInput, options?: CallOptions): Call<ListDeliveriesReply> {
    return this.send('listDeliveries', input, options);
  }

  /**
   * The fate of each message, one by one, page after page.
   *
   * Newest first: queued, sent or failed, and why. Never a link.
   */
  deliveries(filter?: DeliveryFilter, options?: CallOptions): AsyncGenerator<Delivery, void> {
    return this.iterate('listDeliveries', filter, options);
  }

  /**
   * List the members.
   *
   * Owners first, then everybody in the order in which they were invited. Without parameters: all of them,
   * streamed. With `limit`: a page, and the `cursor` of the next one while there is one.
   */
  listMembers(input?: ListMembersInput, options?: CallOptions): Call<ListMembersReply> {
    return this.send('listMembers', input, options);
  }

  /**
   * List the members, one by one, page after page.
   *
   * Owners first, then everybody in the order in which they were invited. Without parameters: all of them,
   * streamed. With `limit`: a page, and the `cursor` of the next one while there is one.
   */
  members(filter?: MemberFilter, options?: CallOptions): AsyncGenerator<Member, void> {
    return this.iterate('listMembers', filter, options);
  }

  /**
   * Resend or cancel an invitation.
   *
   * `resend` makes a new link and a new deadline for somebody pending, expired or declined, and the old link dies
   * at once; `cancel` removes somebody who has not joined. Both may be repeated by the same key: within 60 seconds
   * and 10 minutes they change nothing more.
   */
  resendOrCancelInvitation(
    input: ResendOrCancelInvitationInput,
    options?: CallOptions,
  ): Call<ResendOrCancelInvitationReply> {
    return this.send('resendOrCancelInvitation', input, options);
  }

  /**
   * Copy an invitation’s link.
   *
   * For handing the link over by another way than mail. Only for keys that could give all that the invitation
   * carries; recorded; the link lets the person in but proves nothing about their mailbox.
   */
  revealInvitationLink(
    input: RevealInvitationLinkInput,
    options?: CallOptions & IdempotencyKey,
  ): Call<RevealInvitationLinkReply> {
    return this.send('revealInvitationLink', input, options);
  }

  /**
   * Remove a member.
   *
   * Takes the membership away at once, joined or not. Owners are protected. Repeated by the same key within 10
   * minutes it answers the same again.
   */
  revokeMember(input: RevokeMemberInput, options?: CallOptions): Call<RevokeMemberReply> {
    return this.send('revokeMember', input, options);
  }

  /**
   * Suspend a member, limit their time, give them the product’s own id.
   *
   * What is not named stays; at least one is. A suspended member, or one whose time has run out, keeps their
   * grants and holds nothing. Owners can be neither suspended nor limited. For somebody pending it counts from
   * joining on.
   */
  updateMember(input: UpdateMemberInput, options?: CallOptions & IfMatch): Call<UpdateMemberReply> {
    return this.send('updateMember', input, options);
  }

  /**
   * Change what a member may do.
   *
   * Merges feature by feature: the list of a named feature replaces that feature’s permissions, `none` or an empty
   * list clears it, features that are not named stay. `all_features_access: true` gives everything, now and later;
   * `false` with privileges leaves exactly those where the member held everything before.
   */
  updateMemberPermissions(
    input: UpdateMemberPermissionsInput,
    options?: CallOptions & IdempotencyKey & IfMatch,
  ): Call<UpdateMemberPermissionsReply> {
    return this.send('updateMemberPermissions', input, options);
  }

  /**
   * Resend to, cancel, revoke or change many members alike.
   *
   * Each row is what the operation for one member would have done and answered: `resend`, `cancel`, `revoke`, or
   * `update`, which merges as `updateMemberPermissions` does and alone takes `all_features_access` and
   * `privileges`. Each row is judged by itself and answered by itself, in the order of the request: a row that is
   * refused says why, and takes no other with it. What is wrong with all of them fails the request before any.
   * Either there is an answer for every row, or nothing was done. Repeating it is safe, as it is for one.
   */
  changeMembers(input: ChangeMembersInput, options?: CallOptions & IdempotencyKey): Call<ChangeMembersReply> {
    return this.send('changeMembers', input, options);
  }

  /**
   * Invite many people alike.
   *
   * Each row is what `inviteMember` would have done and answered. Each row is judged by itself and answered by
   * itself, in the order of the request: a row that is refused says why, and takes no other with it. What is wrong
   * with all of them fails the request before any. Either there is an answer for every row, or nothing was done.
   * Repeating it is safe: whoever is invited already is `unchanged`, and gets no second mail.
   */
  inviteMembers(input: InviteMembersInput, options?: CallOptions & IdempotencyKey): Call<InviteMembersReply> {
    return this.send('inviteMembers', input, options);
  }

  /**
   * Join.
   *
   * Makes the pending member active. Takes a seat; whoever invited must still be entitled to. Repeated, it answers
   * the same. With `sign_in` a mailed link also signs its holder in, once: with the acceptance itself, and only
   * from this server’s own pages.
   */
  acceptInvitation(input: AcceptInvitationInput, options?: CallOptions & IdempotencyKey): Call<AcceptInvitationReply> {
    return this.send('acceptInvitation', input, options);
  }

  /**
   * Decline.
   *
   * Answers the invitation with no. Repeated, it answers the same; whoever invited may send it again.
   */
  declineInvitation(
    input: DeclineInvitationInput,
    options?: CallOptions & IdempotencyKey,
  ): Call<DeclineInvitationReply> {
    return this.send('declineInvitation', input, options);
  }

  /**
   * Look at an invitation by its token.
   *
   * What the join page shows. Changes nothing.
   */
  inspectInvitation(
    input: InspectInvitationInput,
    options?: CallOptions & IdempotencyKey,
  ): Call<InspectInvitationReply> {
    return this.send('inspectInvitation', input, options);
  }

  /**
   * Make an active member an owner.
   *
   * An organization may have several owners. Giving ownership does not give up one’s own.
   */
  giveOwnership(input: GiveOwnershipInput, options?: CallOptions & IdempotencyKey): Call<GiveOwnershipReply> {
    return this.send('giveOwnership', input, options);
  }

  /**
   * Leave the organization.
   *
   * The member to whom the key belongs leaves. Refused for the last active owner. Keys bound to the member hold
   * nothing from then on; keys made by an owner go on until deleted.
   */
  leaveOrganization(options?: CallOptions & IdempotencyKey): Call<LeaveOrganizationReply> {
    return this.send('leaveOrganization', undefined, options);
  }

  /**
   * Give up ownership and stay a member.
   *
   * The owner to whom the key belongs becomes an ordinary member with the permissions they were given. Refused for
   * the last active owner.
   */
  stepDown(options?: CallOptions & IdempotencyKey): Call<StepDownReply> {
    return this.send('stepDown', undefined, options);
  }

  /**
   * Take over an api key.
   *
   * The key belongs to the owner from then on and stands by itself: for keys whose member has left.
   */
  adoptApiKey(input: AdoptApiKeyInput, options?: CallOptions & IdempotencyKey): Call<AdoptApiKeyReply> {
    return this.send('adoptApiKey', input, options);
  }

  /**
   * Make an api key.
   *
   * With privileges of its own, at most those of the key that makes it, and belonging to the same member.
   */
  createApiKey(input: CreateApiKeyInput, options?: CallOptions & IdempotencyKey): Call<CreateApiKeyReply> {
    return this.send('createApiKey', input, options);
  }

  /**
   * Make another partner key.
   *
   * For the same partner.
   */
  createPartnerKey(input: CreatePartnerKeyInput, options?: CallOptions & IdempotencyKey): Call<CreatePartnerKeyReply> {
    return this.send('createPartnerKey', input, options);
  }

  /**
   * Delete an api key.
   *
   * It is refused from the next request on.
   *
   * Repeated after a reply that was lost it answers 404 (`document_not_found`), with `attempts` of the error above
   * 1: what was to be deleted is gone.
   */
  deleteApiKey(input: DeleteApiKeyInput, options?: CallOptions): Call<DeleteApiKeyReply> {
    return this.send('deleteApiKey', input, options);
  }

  /**
   * Delete a partner key.
   *
   * Refused for the key that asks, so that a partner cannot lock themselves out.
   *
   * Repeated after a reply that was lost it answers 404 (`document_not_found`), with `attempts` of the error above
   * 1: what was to be deleted is gone.
   */
  deletePartnerKey(input: DeletePartnerKeyInput, options?: CallOptions): Call<DeletePartnerKeyReply> {
    return this.send('deletePartnerKey', input, options);
  }

  /**
   * List the api keys.
   *
   * Never the keys themselves.
   */
  listApiKeys(options?: CallOptions): Call<ListApiKeysReply> {
    return this.send('listApiKeys', undefined, options);
  }

  /**
   * List the partner keys.
   *
   * Those of the partner who asks. Never the keys themselves.
   */
  listPartnerKeys(options?: CallOptions): Call<ListPartnerKeysReply> {
    return this.send('listPartnerKeys', undefined, options);
  }

  /**
   * Give an api key a new secret.
   *
   * The key keeps its identity and all that hangs on it; the old secret stays valid for the overlap, then dies.
   */
  rotateApiKey(input: RotateApiKeyInput, options?: CallOptions & IdempotencyKey): Call<RotateApiKeyReply> {
    return this.send('rotateApiKey', input, options);
  }

  /**
   * Give a partner key a new secret.
   *
   * The old secret stays valid for the overlap, then dies.
   */
  rotatePartnerKey(input: RotatePartnerKeyInput, options?: CallOptions & IdempotencyKey): Call<RotatePartnerKeyReply> {
    return this.send('rotatePartnerKey', input, options);
  }

  /**
   * Where to ask.
   *
   * The metadata of AuthZEN 1.0: the address of each endpoint.
   */
  describeDecisionPoint(options?: CallOptions): Call<DescribeDecisionPointReply> {
    return this.send('describeDecisionPoint', undefined, options);
  }

  /**
   * May they?.
   *
   * One decision of AuthZEN 1.0: may this subject do this action on this resource? Unknown people and names are a
   * no, not an error; `context` says why, and what would change it.
   */
  evaluate(input: EvaluateInput, options?: CallOptions & AtRevision): Call<EvaluateReply> {
    return this.send('evaluate', input, options);
  }

  /**
   * May they? Many questions at once.
   *
   * Up to 1,000 decisions in the order asked. What stands at the top is the default of every evaluation; without
   * evaluations it is the one question. `options.evaluations_semantic` is `execute_all`, `deny_on_first_deny` or
   * `permit_on_first_permit`.
   */
  evaluateMany(input: EvaluateManyInput, options?: CallOptions & AtRevision): Call<EvaluateManyReply> {
    return this.send('evaluateMany', input, options);
  }

  /**
   * The newest revision.
   *
   * What a replica asks to know how current it is: whoever has seen this revision was current at the moment of
   * asking, less `age_ms`.
   */
  getAccessRevision(options?: CallOptions): Call<GetAccessRevisionReply> {
    return this.send('getAccessRevision', undefined, options);
  }

  /**
   * What the bits mean.
   *
   * Features, permissions and aliases with their bits, for replicas and for verifying tokens.
   */
  getAccessVocabulary(options?: CallOptions): Call<GetAccessVocabularyReply> {
    return this.send('getAccessVocabulary', undefined, options);
  }

  /**
   * The keys that tokens are signed with.
   *
   * A JSON Web Key Set: the key in use, the one before and the next, by `kid`.
   */
  getSigningKeys(options?: CallOptions): Call<GetSigningKeysReply> {
    return this.send('getSigningKeys', undefined, options);
  }

  /**
   * A member’s access as a signed token.
   *
   * A short-lived JWT (ES256) that says what an active member may do, for checking without asking. It cannot be
   * taken back before it expires: keep `ttl` as short as your product bears.
   */
  issueAccessToken(input: IssueAccessTokenInput, options?: CallOptions & IdempotencyKey): Call<IssueAccessTokenReply> {
    return this.send('issueAccessToken', input, options);
  }

  /**
   * What may they do?.
   *
   * The permissions that this member has in this feature.
   */
  searchActions(input: SearchActionsInput, options?: CallOptions & AtRevision): Call<SearchActionsReply> {
    return this.send('searchActions', input, options);
  }

  /**
   * On what may they?.
   *
   * The features in which this member may do this action.
   */
  searchResources(input: SearchResourcesInput, options?: CallOptions & AtRevision): Call<SearchResourcesReply> {
    return this.send('searchResources', input, options);
  }

  /**
   * Who may?.
   *
   * The members who may do this action on this resource, by external id where they have one and by e-mail address
   * where not. Read from the database, so never older than the question.
   */
  searchSubjects(input: SearchSubjectsInput, options?: CallOptions & AtRevision): Call<SearchSubjectsReply> {
    return this.send('searchSubjects', input, options);
  }

  /**
   * Whose key is this.
   *
   * The organization, its plan and its seats. Clients probe their key with it.
   */
  getAccount(options?: CallOptions): Call<GetAccountReply> {
    return this.send('getAccount', undefined, options);
  }

  /**
   * The audit log.
   *
   * Newest first: who did what to whom, when, from where. Refused attempts stand in it too.
   */
  listActivities(input?: ListActivitiesInput, options?: CallOptions): Call<ListActivitiesReply> {
    return this.send('listActivities', input, options);
  }

  /**
   * The audit log, one by one, page after page.
   *
   * Newest first: who did what to whom, when, from where. Refused attempts stand in it too.
   */
  activities(filter?: ActivityFilter, options?: CallOptions): AsyncGenerator<Activity, void> {
    return this.iterate('listActivities', filter, options);
  }

  /**
   * The catalogue.
   *
   * Every feature and permission with its label, and whether the organization’s plan has it.
   */
  listFeatures(input?: ListFeaturesInput, options?: CallOptions): Call<ListFeaturesReply> {
    return this.send('listFeatures', input, options);
  }

  /**
   * Change the organization’s name, language or address.
   *
   * What is not named stays.
   */
  updateOrganization(input?: UpdateOrganizationInput, options?: CallOptions): Call<UpdateOrganizationReply> {
    return this.send('updateOrganization', input, options);
  }

  /**
   * Change an organization’s plan.
   *
   * A smaller plan masks what it lacks and deletes nothing; members beyond its seats stay, and nobody joins until
   * there is room.
   */
  changeSubAccountPlan(input: ChangeSubAccountPlanInput, options?: CallOptions): Call<ChangeSubAccountPlanReply> {
    return this.send('changeSubAccountPlan', input, options);
  }

  /**
   * Create an organization.
   *
   * Its owner is invited by e-mail. Until somebody is its active owner, the partner holds ownership in trust.
   */
  createSubAccount(input: CreateSubAccountInput, options?: CallOptions & IdempotencyKey): Call<CreateSubAccountReply> {
    return this.send('createSubAccount', input, options);
  }

  /**
   * Make an api key for an organization.
   *
   * It holds all features of that organization and stands by itself.
   */
  createSubAccountKey(
    input: CreateSubAccountKeyInput,
    options?: CallOptions & IdempotencyKey,
  ): Call<CreateSubAccountKeyReply> {
    return this.send('createSubAccountKey', input, options);
  }

  /**
   * The partner’s audit log.
   *
   * What was done with the partner’s own things, newest first: keys, organizations made, their keys and plans.
   * What happens inside an organization stands in its own log.
   */
  listPartnerActivities(input?: ListPartnerActivitiesInput, options?: CallOptions): Call<ListPartnerActivitiesReply> {
    return this.send('listPartnerActivities', input, options);
  }

  /**
   * The partner’s audit log, one by one, page after page.
   *
   * What was done with the partner’s own things, newest first: keys, organizations made, their keys and plans.
   * What happens inside an organization stands in its own log.
   */
  partnerActivities(filter?: PartnerActivityFilter, options?: CallOptions): AsyncGenerator<PartnerActivity, void> {
    return this.iterate('listPartnerActivities', filter, options);
  }

  /**
   * Add a passkey.
   *
   * Checks the browser’s answer and keeps its public key.
   */
  addPasskey(input: AddPasskeyInput, options?: CallOptions & IdempotencyKey): Call<AddPasskeyReply> {
    return this.send('addPasskey', input, options);
  }

  /**
   * Begin to add a passkey.
   *
   * Options for the browser, with a challenge that can be answered once, within five minutes.
   */
  beginPasskey(options?: CallOptions & IdempotencyKey): Call<BeginPasskeyReply> {
    return this.send('beginPasskey', undefined, options);
  }

  /**
   * Begin to sign in with a passkey.
   *
   * Options for the browser, with a challenge that can be answered once, within five minutes.
   */
  beginPasskeySignIn(options?: CallOptions & IdempotencyKey): Call<BeginPasskeySignInReply> {
    return this.send('beginPasskeySignIn', undefined, options);
  }

  /**
   * How people can sign in here.
   *
   * Whether links are mailed. Without a mail server the operator makes them, and passkeys work as ever.
   */
  describeSignIn(options?: CallOptions): Call<DescribeSignInReply> {
    return this.send('describeSignIn', undefined, options);
  }

  /**
   * End one of my sessions.
   *
   * From its next request on it is nobody’s.
   *
   * Repeated after a reply that was lost it answers 404 (`document_not_found`), with `attempts` of the error above
   * 1: what was to be deleted is gone.
   */
  endSession(input: EndSessionInput, options?: CallOptions): Call<EndSessionReply> {
    return this.send('endSession', input, options);
  }

  /**
   * Who is signed in.
   *
   * And the organizations they are an active member of.
   */
  getSession(options?: CallOptions): Call<GetSessionReply> {
    return this.send('getSession', undefined, options);
  }

  /**
   * Look at a sign-in link by its token.
   *
   * What the sign-in page shows before anybody signs in. Changes nothing.
   */
  inspectSignIn(input: InspectSignInInput, options?: CallOptions & IdempotencyKey): Call<InspectSignInReply> {
    return this.send('inspectSignIn', input, options);
  }

  /**
   * My passkeys.
   *
   * Those that sign in the person who is signed in.
   */
  listPasskeys(options?: CallOptions): Call<ListPasskeysReply> {
    return this.send('listPasskeys', undefined, options);
  }

  /**
   * Where I am signed in.
   *
   * All sessions of the person who is signed in, newest first.
   */
  listSessions(options?: CallOptions): Call<ListSessionsReply> {
    return this.send('listSessions', undefined, options);
  }

  /**
   * Remove a passkey.
   *
   * It signs nobody in any more; sessions that it began stay.
   *
   * Repeated after a reply that was lost it answers 404 (`document_not_found`), with `attempts` of the error above
   * 1: what was to be deleted is gone.
   */
  removePasskey(input: RemovePasskeyInput, options?: CallOptions): Call<RemovePasskeyReply> {
    return this.send('removePasskey', input, options);
  }

  /**
   * Ask for a sign-in link.
   *
   * Mails a one-time link to the address, if somebody signs in with it. The answer is the same for every address,
   * and takes as long.
   */
  requestSignIn(input: RequestSignInInput, options?: CallOptions & IdempotencyKey): Call<RequestSignInReply> {
    return this.send('requestSignIn', input, options);
  }

  /**
   * Sign in with a link.
   *
   * Uses the link up and sets the session’s cookie. Of more than 50 sessions of one person that which was left
   * alone the longest ends. Only from this server’s own pages: with the header `latchkey-session` and, where the
   * browser says where it is, from this origin.
   */
  signIn(input: SignInInput, options?: CallOptions & IdempotencyKey): Call<SignInReply> {
    return this.send('signIn', input, options);
  }

  /**
   * Sign in with a passkey.
   *
   * Checks the browser’s answer and sets the session’s cookie. A passkey that counts backwards, as a copy would,
   * signs nobody in, and that it was tried is in the audit log.
   */
  signInWithPasskey(
    input: SignInWithPasskeyInput,
    options?: CallOptions & IdempotencyKey,
  ): Call<SignInWithPasskeyReply> {
    return this.send('signInWithPasskey', input, options);
  }

  /**
   * Sign out.
   *
   * Ends this session and takes the cookie away.
   *
   * Repeated after a reply that was lost it answers 404 (`document_not_found`), with `attempts` of the error above
   * 1: what was to be deleted is gone.
   */
  signOut(options?: CallOptions): Call<SignOutReply> {
    return this.send('signOut', undefined, options);
  }
}
