import { readEvaluation, readEvaluations } from '@latchkey/core/access/authzen.ts';
import { type AccessReason, isGranting, reasonsInWords, remediesOf } from '@latchkey/core/access/decision.ts';
import type { Evaluation } from '@latchkey/core/access/evaluation.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { Problem } from '@latchkey/core/problem.ts';
import { DatabaseUnavailable } from '../../store/database.ts';
import type { Asking } from './asking.ts';
import { type Decided, decideAccess, decideFromMemory, memoryNow } from './decide-access.ts';

type Decision = Reply<Api['evaluate']> & { decision: boolean };
export type Evaluated = Reply<Api['evaluateMany']>;

/**
 * May they? One question, or many at once (AuthZEN 1.0). Answered at once where memory can; a promise where something has
 * to be read.
 */
export function evaluate(asking: Asking, body: Buffer): Decision | Promise<Decision> {
  const evaluation = readEvaluation(body);
  const { checks, organizationId, revision } = asking;
  const remembered = decideFromMemory(checks, organizationId, evaluation, revision);
  return remembered
    ? decisionOf(remembered)
    : decideAccess(checks, organizationId, evaluation, revision).then(decisionOf);
}

export function evaluateMany(asking: Asking, body: Buffer): Evaluated | Promise<Evaluated> {
  const many = readEvaluations(body);
  if (many === undefined) return evaluate(asking, body);
  const remembered = memoryNow(asking.checks, asking.organizationId, asking.revision);
  const decisions = many.evaluations.map((evaluation) => decisionNow(asking, remembered, evaluation));
  const answer = (whole: Decision[]): Evaluated => ({ evaluations: cut(whole, many.semantic) });
  if (!decisions.some((decision) => decision instanceof Promise)) return answer(decisions as Decision[]);
  const { feed } = asking.checks;
  const knownAt = feed.isCurrent() ? feed.knownAt : Number.POSITIVE_INFINITY;
  return Promise.all(decisions).then((whole) => {
    // What memory said may have been taken away while the rest was read.
    if (!feed.stillCounts(knownAt)) throw new DatabaseUnavailable(new Error('a batch was held up for a lease'));
    return answer(whole);
  });
}

function decisionNow(
  { checks, organizationId, revision }: Asking,
  remembered: ReturnType<typeof memoryNow>,
  evaluation: Evaluation | Problem,
): Decision | Promise<Decision> {
  if (evaluation instanceof Problem)
    return { decision: false, context: { error: { status: evaluation.status, message: evaluation.message } } };
  const known = remembered(evaluation);
  return known ? decisionOf(known) : decideAccess(checks, organizationId, evaluation, revision).then(decisionOf);
}

/** Up to and with the first decision that settles it. */
function cut(
  decisions: Decision[],
  semantic: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit',
): Decision[] {
  if (semantic === 'execute_all') return decisions;
  const settled = decisions.findIndex(({ decision }) => decision === (semantic === 'permit_on_first_permit'));
  return settled < 0 ? decisions : decisions.slice(0, settled + 1);
}

const decisions = { inPlan: new Map<AccessReason, Decision>(), notInPlan: new Map<AccessReason, Decision>() };

/**
 * Decisions say why, and a no what would change it, in words too. There are few different ones, so each is made once.
 */
function decisionOf({ reason, inPlan }: Decided): Decision {
  const made = inPlan ? decisions.inPlan : decisions.notInPlan;
  const known = made.get(reason);
  if (known) return known;
  const needs = remediesOf(reason, inPlan);
  const decision = isGranting(reason)
    ? { decision: true, context: { reason } }
    : { decision: false, context: { reason, message: reasonsInWords[reason], ...(needs.length > 0 && { needs }) } };
  made.set(reason, decision);
  return decision;
}
