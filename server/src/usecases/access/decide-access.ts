import type { Bitset } from '@latchkey/core/access/bitset.ts';
import { type AccessReason, decide, type Held, hasAll } from '@latchkey/core/access/decision.ts';
import type { Evaluation } from '@latchkey/core/access/evaluation.ts';
import type { Question } from '@latchkey/core/access/vocabulary.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { Problem, problem } from '@latchkey/core/problem.ts';
import type { AccessChecks } from '../../access/access-checks.ts';
import type { Found } from '../../access/access-index.ts';

export interface Decided {
  reason: AccessReason;
  /** Whether the organization's plan has what was asked for; true where nothing known was. */
  inPlan: boolean;
}

export const subjectType = 'user';

/**
 * Decides from memory; undefined where that cannot be done: somebody not resident, a lease that is over, a revision that
 * has not arrived.
 * @param revision the one before which must not be answered from; 0 for any
 */
export const decideFromMemory = (
  checks: AccessChecks,
  organizationId: string,
  evaluation: Evaluation,
  revision: number,
): Decided | undefined => memoryNow(checks, organizationId, revision)(evaluation);

/** The same for many questions: how current memory is and what time it is are looked at once, for this turn and no later one. */
export function memoryNow(
  { feed, index, vocabulary }: AccessChecks,
  organizationId: string,
  revision: number,
): (evaluation: Evaluation) => Decided | undefined {
  const organization = index.organization(organizationId);
  const plan = organization?.plan;
  if (!organization || !plan || revision > organization.revision || !feed.isCurrent()) return () => undefined;
  const now = feed.now();
  let name: string | undefined;
  let held: Held | undefined;
  return (evaluation) => {
    const question = questionOf(vocabulary, evaluation);
    if (typeof question === 'string') return { reason: question, inPlan: true };
    // Many questions in a row are about the same person.
    if (evaluation.subjectId !== name) {
      name = evaluation.subjectId;
      held = index.resident(organization, name);
    }
    return held && decided(held, question, plan, now);
  };
}

/**
 * Decides, and reads what is not in memory. What is read was so after the question came.
 * @throws DatabaseUnavailable where the database does not answer in time; Problem `precondition_failed` for a revision of the future
 */
export async function decideAccess(
  checks: AccessChecks,
  organizationId: string,
  evaluation: Evaluation,
  revision: number,
): Promise<Decided> {
  const remembered = decideFromMemory(checks, organizationId, evaluation, revision);
  if (remembered) return remembered;
  const question = questionOf(checks.vocabulary, evaluation);
  const found = await findHeld(checks, organizationId, evaluation.subjectId, revision);
  if (typeof question === 'string') return { reason: question, inPlan: true };
  return decided(found.held, question, found.plan, checks.feed.now());
}

/** What a member holds, from memory where that is current and at the revision, read where not. */
export async function findHeld(
  checks: AccessChecks,
  organizationId: string,
  written: string,
  revision: number,
): Promise<Found> {
  const { feed, index } = checks;
  await feed.current();
  const known = index.organization(organizationId);
  if (known && revision > known.revision) await feed.renewed();
  const name = canonicalName(written);
  const organization = index.organization(organizationId);
  if (organization?.plan && organization.revision >= revision) {
    const held = index.resident(organization, name);
    if (held)
      return { held: kept(held, organization.plan.length), plan: organization.plan, revision: organization.revision };
  }
  const found = await index.read(organizationId, name);
  requireReached(found.revision, revision);
  return found;
}

/** What is in memory is a view that the next look moves on; whoever waits before deciding needs it as it was. */
function kept(held: Held, words: number): Held {
  const bits = Array.from({ length: words }, (_, word) => held.granted(word));
  return { standing: held.standing, until: held.until, granted: (word) => bits[word] ?? 0 };
}

/** @throws Problem `precondition_failed` where the newest revision there is comes before the one asked for */
export function requireReached(newest: number, asked: number): void {
  if (newest >= asked) return;
  throw problem(
    'precondition_failed',
    'latchkey-revision',
    'revision_ahead',
    `The organization is at revision ${newest}; ${asked} has not happened here.`,
  );
}

/** The revision that a request insists on; 0 for none. @throws Problem `bad_request` */
export function askedRevision(header: string | string[] | undefined): number {
  if (header === undefined) return 0;
  if (typeof header === 'string' && /^[0-9]{1,15}$/.test(header.trim())) return Number(header);
  throw new Problem('bad_request', 'latchkey-revision is not a revision: a number, as a change answered it', [
    { path: 'latchkey-revision', reason: 'malformed', message: 'latchkey-revision is not a revision' },
  ]);
}

/** An address in its one form; anything else as it was written. What is no address is nobody's. */
export function canonicalName(written: string): string {
  if (!written.includes('@')) return written;
  try {
    return canonicalEmail(written);
  } catch {
    return written;
  }
}

function questionOf(vocabulary: AccessChecks['vocabulary'], evaluation: Evaluation): Question | AccessReason {
  if (evaluation.subjectType !== subjectType) return 'unknown_subject_type';
  if (evaluation.resourceType !== vocabulary.resourceType) return 'unknown_resource_type';
  return vocabulary.question(evaluation.resourceId, evaluation.action);
}

function decided(held: Held, question: Question, plan: Bitset, now: number): Decided {
  const reason = decide(held, question, plan, now);
  return { reason, inPlan: reason !== 'not_granted' || hasAll(plan, question) };
}
