import type { Actor } from '@latchkey/core/actor.ts';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { partnerHoldings } from '@latchkey/core/authority.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import type { Holdings } from '@latchkey/core/holdings.ts';
import { insertOrganization } from '../../store/organizations.ts';
import { type Outcome, type PartnerCall, recordForPartner } from '../call.ts';
import { newInvitation } from '../invitations/invite-member.ts';
import { tooMuchMail } from '../invitations/too-much-mail.ts';
import { underPartnerLock } from '../keys/partner-keys.ts';
import { knownPlan } from './known-plan.ts';

type Operation = Api['createSubAccount'];

const ownership: Holdings = { owner: true, everything: true, permissions: new Set() };

/** Makes an organization of the partner's and invites its first owner. */
export async function createSubAccount(
  call: PartnerCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(body.email);
  const plan = knownPlan(call.catalogue, body.plan ?? call.catalogue.defaultPlan.name);
  const id = call.newId();
  await underPartnerLock(call, async (locked) => {
    const organization = {
      id,
      name: body.companyName,
      plan: plan.name,
      seats: body.seats ?? null,
      locale: body.locale ?? 'en',
      redirectUrl: null,
      partnerId: call.partner.id,
    };
    await insertOrganization(locked.db, organization);
    await recordForPartner(locked, id, {
      action: 'organization.created',
      target: { kind: 'organization', id },
      details: { plan: plan.name, seats: organization.seats },
    });
    const actor: Actor = {
      kind: 'partner_key',
      id: call.partner.keyId,
      name: call.partner.name,
      holdings: partnerHoldings(false),
      limits: call.partner.limits,
      bound: false,
      member: undefined,
      partnerId: call.partner.id,
      sessionId: undefined,
      organization,
    };
    const invitation = newInvitation(
      { ...locked, actor, access: 'partner' },
      { memberId: call.newId(), email, externalId: null, holdings: ownership, locale: organization.locale },
    );
    const inserted = await locked.writeInvitation(locked.db, invitation);
    if (inserted.outcome === 'too_much_mail') throw tooMuchMail(call.mailLimits, inserted.waitSeconds);
  });
  call.mailQueued();
  return { body: { id } };
}
