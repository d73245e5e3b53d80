import type { Bitset } from './bitset.ts';
import type { MaskedWord, Question } from './vocabulary.ts';

/** Why access is given. */
export const grantingReasons = ['granted', 'all_features_access', 'owner'] as const;

/** Why it is not, the first that applies. */
export const refusingReasons = [
  'unknown_subject_type',
  'unknown_resource_type',
  'unknown_feature',
  'unknown_permission',
  'not_a_member',
  'pending',
  'declined',
  'expired',
  'suspended',
  'access_expired',
  'not_granted',
  'not_in_plan',
] as const;

export type AccessReason = (typeof grantingReasons)[number] | (typeof refusingReasons)[number];

/** What would have to change for a refusal to become a yes. */
export const remedies = ['plan', 'grant', 'invitation', 'acceptance', 'resumption', 'extension'] as const;
export type Remedy = (typeof remedies)[number];

/** What a member's standing says, in a few bits: they are kept in a word of a table. */
export const standing = {
  active: 1,
  everything: 2,
  owner: 4,
  suspended: 8,
  pending: 16,
  declined: 32,
  /** A time limit applies: of the access of an active member, of the invitation of a pending one. */
  limited: 64,
} as const;
/** How many bits those are. */
export const standingBits = 7;

/** What is known of a subject when a question about them is decided. */
export interface Held {
  /** Bits of `standing`; 0 for somebody who is no member. */
  standing: number;
  /** Milliseconds since 1970 by the database's clock; counts where `limited`. */
  until: number;
  /** What was granted, whatever the plan masks. */
  granted(word: number): number;
}

/**
 * May they? Held is what was granted, or everything; allowed is what of it the plan has (design §6).
 * @param plan the bits that the organization's plan does not mask
 * @param now milliseconds since 1970 by the database's clock, rather too late than too early
 */
export function decide(held: Held, question: Question, plan: Bitset, now: number): AccessReason {
  const is = held.standing;
  if (!isUnbarred(is)) {
    const barred = barredReason(is, held.until, now);
    if (barred !== undefined) return barred;
  }
  const all = (is & (standing.everything | standing.owner)) !== 0;
  if (!all && !holdsAll(held, question)) return 'not_granted';
  if (!hasAll(plan, question)) return 'not_in_plan';
  if ((is & standing.owner) !== 0) return 'owner';
  return all ? 'all_features_access' : 'granted';
}

/** Whether nothing about an active member has to be looked at besides what they hold. */
export const isUnbarred = (is: number): boolean =>
  (is & (standing.active | standing.suspended | standing.limited)) === standing.active;

/**
 * What `decide` says of an unbarred member and the bits of one word, as a yes or no. It goes one way whatever the answer is:
 * a processor that guesses wrong which way to go waits longer than all of this takes.
 */
export function allowsUnbarred(is: number, granted: number, plan: number, mask: number): boolean {
  const unlessAll = ((is & (standing.everything | standing.owner)) - 1) >> 31;
  return (mask & ((~granted & unlessAll) | ~plan)) === 0;
}

export const isGranting = (reason: AccessReason): boolean =>
  reason === 'granted' || reason === 'all_features_access' || reason === 'owner';

function barredReason(is: number, until: number, now: number): AccessReason | undefined {
  const over = (is & standing.limited) !== 0 && now >= until;
  if ((is & standing.active) === 0) {
    if ((is & standing.pending) !== 0) return over ? 'expired' : 'pending';
    return (is & standing.declined) !== 0 ? 'declined' : 'not_a_member';
  }
  if ((is & standing.suspended) !== 0) return 'suspended';
  return over ? 'access_expired' : undefined;
}

function holdsAll(held: Held, question: Question): boolean {
  const { word, mask, more } = question;
  return (held.granted(word) & mask) >>> 0 === mask && (more.length === 0 || holdsMore(held, more));
}

// Apart from the usual case, which is then small enough to be compiled into the loop that asks.
function holdsMore(held: Held, more: readonly MaskedWord[]): boolean {
  return more.every(({ word, mask }) => (held.granted(word) & mask) >>> 0 === mask);
}

/** Whether a set, a plan's for example, has all that is asked for. */
export function hasAll(set: Bitset, question: Question): boolean {
  const { word, mask, more } = question;
  return ((set[word] as number) & mask) >>> 0 === mask && (more.length === 0 || hasMore(set, more));
}

const hasMore = (set: Bitset, more: readonly MaskedWord[]): boolean =>
  more.every(({ word, mask }) => ((set[word] as number) & mask) >>> 0 === mask);

/** What would turn the refusal into a yes, as far as one step goes. */
export function remediesOf(reason: AccessReason, inPlanToo: boolean): Remedy[] {
  const plan: Remedy[] = inPlanToo ? [] : ['plan'];
  switch (reason) {
    case 'not_granted':
      return ['grant', ...plan];
    case 'not_in_plan':
      return ['plan'];
    case 'not_a_member':
    case 'declined':
    case 'expired':
      return ['invitation'];
    case 'pending':
      return ['acceptance'];
    case 'suspended':
      return ['resumption'];
    case 'access_expired':
      return ['extension'];
    default:
      return [];
  }
}

/** The reason in a sentence, for whoever reads a decision. */
export const reasonsInWords: Record<AccessReason, string> = {
  granted: 'The member was given this permission.',
  all_features_access: 'The member was given everything.',
  owner: 'The member is an owner.',
  unknown_subject_type: 'Subjects of this type are not known here; people are of type user.',
  unknown_resource_type: 'Resources of this type are not known here.',
  unknown_feature: 'The catalogue has no such feature.',
  unknown_permission: 'The feature has no such permission.',
  not_a_member: 'Nobody of this name is a member of the organization.',
  pending: 'The member has not accepted the invitation yet.',
  declined: 'The invitation was declined.',
  expired: 'The invitation has expired.',
  suspended: 'The member is suspended.',
  access_expired: 'The member’s access has ended.',
  not_granted: 'The member was not given this permission.',
  not_in_plan: 'The organization’s plan does not have this permission.',
};
