import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePartner, type Partner } from '../access/stage.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let partner: Partner;
let organizationId: string;
interface Log {
  id: string;
  action: string;
  outcome: string;
  date: string;
  actor: { kind: string; id: string | null };
  target: { kind: string; id: string | null };
}
const logs = async (query = '', of = partner): Promise<Log[]> =>
  (await of.client.get(`/corporate/activities?limit=100${query}`)).body.logs;
const actions = async (query = '', of = partner): Promise<string[]> =>
  (await logs(query, of)).map(({ action }) => action);

beforeAll(async () => {
  world = await startWorld();
  partner = await makePartner(world);
  const created = await partner.client.post('/corporate/subAccount', {
    companyName: 'Olga Ltd',
    email: 'olga@example.org',
  });
  organizationId = created.body.id;
  const { id } = (await partner.client.post('/corporate/partner-keys', { name: 'Second' })).body;
  await partner.client.post(`/corporate/partner-keys/${id}/rotate`);
  await partner.client.delete(`/corporate/partner-keys/${id}`);
  await partner.client.post('/corporate/subAccount/key', { id: organizationId, name: 'Integration' });
  await partner.client.put(`/corporate/subAccount/${organizationId}/plan`, { plan: 'free' });
  // A refused attempt on an organization of others.
  await partner.client.put(`/corporate/subAccount/${world.organizationId}/plan`, { plan: 'free' });
});
afterAll(() => world?.stop());

const all = [
  'plan.changed',
  'plan.changed',
  'api_key.created',
  'partner_key.deleted',
  'partner_key.rotated',
  'partner_key.created',
  'organization.created',
];

test('a partner reads what was done with its keys and organizations, newest first, refused attempts among it', async () => {
  expect(await actions()).toEqual(all);
  expect(await logs()).toMatchObject([
    { outcome: 'refused' },
    ...all.slice(1).map(() => ({ outcome: 'done', actor: { kind: 'partner_key', id: partner.keyId } })),
  ]);
  expect((await logs()).at(-1)).toMatchObject({ target: { kind: 'organization', id: organizationId } });
});

test('what its key does inside an organization stands in that organization’s log instead', async () => {
  const inside = partner.inOrganization(organizationId);
  await inside.post('/organization/user/invitation/send', { email: 'mia@example.org', all_features_access: true });
  expect(await actions()).toEqual(all);
  const { body } = await inside.get('/organization/activities?limit=100&email=mia@example.org');
  expect(body.logs.map(({ action }: Log) => action)).toEqual(['member.invited']);
});

test('nothing of another partner is in it, nor of an organization that is the partner’s no more', async () => {
  const other = await makePartner(world);
  expect(await logs('', other)).toEqual([]);
  await world.database.sql('update organization set partner_id = $2 where id = $1', [organizationId, other.id]);
  expect(await actions()).toEqual([
    'plan.changed',
    'partner_key.deleted',
    'partner_key.rotated',
    'partner_key.created',
  ]);
  expect(await logs('', other), 'who takes it over does not read what came before').toEqual([]);
  await world.database.sql('update organization set partner_id = $2 where id = $1', [organizationId, partner.id]);
  expect(await actions()).toEqual(all);
});

test('filters, offsets and cursors are those of an organization’s log, each cursor for its own log', async () => {
  expect(await actions('&action=partner_key.created')).toEqual(['partner_key.created']);
  expect(await actions('&outcome=refused')).toEqual(['plan.changed']);
  expect(await actions('&endDate=2020-01-01')).toEqual([]);
  expect(await actions('&offset=5')).toEqual(all.slice(5));
  const walked: string[] = [];
  let cursor = '';
  for (let page = 0; page <= all.length; page++) {
    const { body } = await partner.client.get(`/corporate/activities?limit=2${cursor}`);
    walked.push(...body.logs.map(({ action }: Log) => action));
    if (body.cursor === undefined) break;
    cursor = `&cursor=${body.cursor}`;
  }
  expect(walked).toEqual(all);
  expect(await partner.inOrganization(organizationId).get(`/organization/activities?${cursor.slice(1)}`)).toMatchObject(
    {
      status: 400,
      body: { details: [{ path: 'cursor', reason: 'invalid_cursor' }] },
    },
  );
  expect(await partner.client.get('/corporate/activities?startDate=yesterday')).toMatchObject({
    status: 400,
    body: { details: [{ path: 'startDate', reason: 'invalid_date' }] },
  });
  expect((await partner.client.get('/corporate/activities?limit=101')).status).toBe(400);
});

test('no api key reads it', async () => {
  expect((await world.owner.get('/corporate/activities')).status).toBe(403);
  expect((await world.anonymous.get('/corporate/activities')).status).toBe(401);
});
