import type { AtRevision, CallOptions } from './call.ts';
import type { AccessReason, Remedy } from './operations.ts';

/** May this member do this? */
export interface AccessQuestion {
  /** The member's e-mail address, id, or the id your product gave them. */
  member: string;
  /** `contacts` */
  feature: string;
  /** `export` */
  permission: string;
}

export interface AccessAnswer {
  allowed: boolean;
  reason: AccessReason;
  /** The reason in a sentence. */
  message: string;
  /** What would have to change for a yes; empty where the answer is one. */
  needs: Remedy[];
}

/** Whoever has an answer, sooner or later. */
export interface AccessChecker {
  check(question: AccessQuestion, options?: CallOptions & AtRevision): Promise<AccessAnswer>;
}
