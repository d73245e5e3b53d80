import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePartner, type Stage, setStage } from '../access/stage.ts';
import { plannedCatalogue } from '../api/planned-catalogue.ts';
import { askDecisionPoint } from '../authzen/decision-point.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let ours: Stage;
let theirs: Stage;
beforeAll(async () => {
  world = await startWorld({}, plannedCatalogue);
  ours = await setStage(world);
  theirs = await setStage(world, await makePartner(world));
  for (const stage of [ours, theirs]) {
    const mei = await stage.member('mei', { permissions: ['contacts:view', 'phone:all'] });
    await stage.ada.client.put(`/organization/user/${mei.email}`, { external_id: 'mei' });
  }
});
afterAll(() => world?.stop());

const who = { subject: { type: 'user' }, action: { name: 'view' }, resource: { type: 'feature', id: 'contacts' } };
const as = (stage: Stage): Record<string, string> => ({ 'api-key': stage.ada.secret });

async function found(headers: Record<string, string>, body: object = who): Promise<string[]> {
  const answer = await askDecisionPoint(world, 'subject', body, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.results.map(({ id }: { id: string }) => id);
}

describe('T32 a search', () => {
  test('finds people of the key’s own organization only, whatever else a request names', async () => {
    const own = [ours.ada.email, ours.grace.email, 'mei'];
    const odd = [
      who,
      { ...who, subject: { type: 'user', id: theirs.ada.email } },
      { ...who, subject: { type: 'user', properties: { organization_id: theirs.organizationId } } },
      { ...who, context: { organization_id: theirs.organizationId } },
      {
        ...who,
        organization_id: theirs.organizationId,
        page: { properties: { organization_id: theirs.organizationId } },
      },
    ];
    for (const body of odd) {
      expect(await found(as(ours), body)).toEqual(own);
      expect(await found({ ...as(ours), 'organization-id': theirs.organizationId }, body)).toEqual(own);
    }
    const asPartner = { 'partner-key': ours.partner.secret };
    expect(await found({ ...asPartner, 'organization-id': ours.organizationId })).toEqual(own);
    const elsewhere = { ...asPartner, 'organization-id': theirs.organizationId };
    expect((await askDecisionPoint(world, 'subject', who, elsewhere)).status).toBe(403);
  });

  test('is not led elsewhere by a token, neither another organization’s nor a forged one', async () => {
    const page = { limit: 1 };
    const { body } = await askDecisionPoint(world, 'subject', { ...who, page }, as(theirs));
    const token: string = body.page.next_token;
    const [digest] = JSON.parse(Buffer.from(token, 'base64url').toString());
    const first = Buffer.from(JSON.stringify([digest, 1000, '00000000-0000-0000-0000-000000000000'])).toString(
      'base64url',
    );
    const own = [ours.ada.email, ours.grace.email, 'mei'];
    for (const one of [token, first])
      for (const id of await found(as(ours), { ...who, page: { token: one } })) expect(own).toContain(id);
  });

  test('about a person of elsewhere finds nothing', async () => {
    for (const id of [theirs.ada.id, theirs.ada.email, theirs.email('mei')]) {
      const subject = { type: 'user', id };
      const resources = await askDecisionPoint(
        world,
        'resource',
        { ...who, subject, resource: { type: 'feature' } },
        as(ours),
      );
      const actions = await askDecisionPoint(world, 'action', { subject, resource: who.resource }, as(ours));
      expect([resources.body.results, actions.body.results]).toEqual([[], []]);
    }
  });

  test('shows nobody whose access is masked by the plan, and nothing that is', async () => {
    const stage = await setStage(world);
    const sam = await stage.member('sam', { permissions: ['landing_pages:all', 'contacts:view'] });
    const pages = { ...who, action: { name: 'all' }, resource: { type: 'feature', id: 'landing_pages' } };
    expect(await found(as(stage), pages)).toContain(sam.email);
    const changed = await stage.partner.client.put(`/corporate/subAccount/${stage.organizationId}/plan`, {
      plan: 'small',
    });
    const now = { ...as(stage), 'latchkey-revision': changed.headers.get('latchkey-revision') ?? '' };
    expect(await found(now, pages)).toEqual([]);
    for (const id of [sam.email, stage.ada.email]) {
      const subject = { type: 'user', id };
      const resources = await askDecisionPoint(
        world,
        'resource',
        { subject, action: pages.action, resource: { type: 'feature' } },
        now,
      );
      expect(resources.body.results.map(({ id: feature }: { id: string }) => feature)).not.toContain('landing_pages');
      expect(
        (await askDecisionPoint(world, 'action', { subject, resource: pages.resource }, now)).body.results,
      ).toEqual([]);
    }
  });

  test('shows nobody who is suspended, out of their time, invited or gone', async () => {
    const stage = await setStage(world);
    const holding = { permissions: ['contacts:view' as const] };
    const [sue, tim, wen, vic] = await Promise.all(
      ['sue', 'tim', 'wen', 'vic'].map((name) => stage.member(name, holding)),
    );
    await stage.pending('pia', holding);
    const { ada } = stage;
    await ada.client.put(`/organization/user/${sue?.email}`, { suspended: true });
    await ada.client.put(`/organization/user/${tim?.email}`, {
      access_expires_at: new Date(Date.now() + 500).toISOString(),
    });
    await ada.client.put(`/organization/user/invitation/revoke/${wen?.email}`);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await found(as(stage))).toEqual([ada.email, stage.grace.email, vic?.email]);
  });

  test('cannot be steered by wildcards, patterns or SQL', async () => {
    for (const text of [
      '%',
      '_iew',
      'view%',
      '*',
      "view' or '1'='1",
      '{view}',
      'view,export',
      'view:contacts',
      '\\',
      '.*',
    ])
      for (const body of [
        { ...who, action: { name: text } },
        { ...who, resource: { type: 'feature', id: text } },
        { ...who, subject: { type: text } },
      ])
        expect(await found(as(ours), body), text).toEqual([]);
  });
});
