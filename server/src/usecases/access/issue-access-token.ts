import { bitsetOf, encodeBitset } from '@latchkey/core/access/bitset.ts';
import { decide, isGranting } from '@latchkey/core/access/decision.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { problem } from '@latchkey/core/problem.ts';
import { heldOf } from '../../access/access-index.ts';
import { askedBy, findAccessStates } from '../../store/access-states.ts';
import type { Call, Outcome } from '../call.ts';
import { canonicalName } from './decide-access.ts';

type Operation = Api['issueAccessToken'];

const standardSeconds = 60;

/**
 * What an active member may do, signed. Read from the database at this moment, and never longer than the member's own
 * access lasts.
 */
export async function issueAccessToken(
  { db, checks, actor, tokens }: Call,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const { feed, vocabulary } = checks;
  await feed.current();
  const [found] = await findAccessStates(db, [
    { organizationId: actor.organization.id, ...askedBy(canonicalName(body.member)) },
  ]);
  const member = found?.member;
  const held = heldOf(vocabulary, member, 0);
  const plan = vocabulary.planBits(found?.plan ?? '');
  const now = feed.now();
  const ends = member?.access_expires_at ?? Number.POSITIVE_INFINITY;
  if (!found || !member || member.status !== 'active' || member.suspended || ends <= now) throw noActiveMember();

  const allowed = [...vocabulary.permissions()].filter((question) => isGranting(decide(held, question, plan, now)));
  const bits = bitsetOf(
    vocabulary.bitsOf(allowed.map(({ feature, permission }) => `${feature}:${permission}`)),
    vocabulary.words,
  );
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = Math.min(issuedAt + (body.ttl ?? standardSeconds), Math.floor(ends / 1000));
  const token = await tokens.sign(now, {
    aud: body.audience,
    sub: member.id,
    ...(member.external_id !== null && { ext: member.external_id }),
    org: actor.organization.id,
    rev: found.revision,
    voc: vocabulary.fingerprint,
    acc: encodeBitset(bits),
    iat: issuedAt,
    exp: expiresAt,
  });
  return { body: { token, expires_at: new Date(expiresAt * 1000).toISOString(), revision: found.revision } };
}

const noActiveMember = () =>
  problem(
    'document_not_found',
    'member',
    'no_active_member',
    'Nobody of this name is an active member; who waits, is suspended or has left gets no token.',
  );
